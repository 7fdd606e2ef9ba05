import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as the server got it. */
export interface MlflowCall {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown>
}

/** An MLflow tracking server over HTTP, as far as logging a version needs one, with its limits. */
export interface MlflowServer {
  readonly url: string
  readonly calls: MlflowCall[]
  /** Uploaded artifacts by path. */
  readonly artifacts: Map<string, Buffer>
  readonly aliases: Map<string, string>
  /** Runs by id with their status. */
  readonly runs: Map<string, string>
  /** Answers the next call of this path with a status and a body instead. */
  failNext(path: string, status: number, body: string): void
  close(): Promise<void>
}

type Json = Record<string, unknown>
const error = (status: number, code: string): [number, Json] => [
  status,
  { error_code: code, message: `it is ${code}` },
]

/** Starts it on a free port. `artifactRoot` is where its runs keep their artifacts. */
export async function startMlflowServer(artifactRoot = 'mlflow-artifacts:'): Promise<MlflowServer> {
  const calls: MlflowCall[] = []
  const artifacts = new Map<string, Buffer>()
  const aliases = new Map<string, string>()
  const runs = new Map<string, string>()
  const failures = new Map<string, [number, string]>()
  const experiments: string[] = []
  const models = new Set<string>()
  const versions: {
    name: string
    version: string
    run_id: string
    tags: { key: string; value: string }[]
  }[] = []

  const answer = (path: string, body: Json): [number, Json] => {
    const text = (name: string): string => String(body[name])
    if (path === 'experiments/get-by-name') {
      const at = experiments.indexOf(text('experiment_name'))
      return at < 0
        ? error(404, 'RESOURCE_DOES_NOT_EXIST')
        : [200, { experiment: { experiment_id: String(at + 1), name: experiments[at] } }]
    }
    if (path === 'experiments/create') {
      if (experiments.includes(text('name'))) return error(400, 'RESOURCE_ALREADY_EXISTS')
      return [200, { experiment_id: String(experiments.push(text('name'))) }]
    }
    if (path === 'registered-models/create') {
      if (models.has(text('name'))) return error(400, 'RESOURCE_ALREADY_EXISTS')
      models.add(text('name'))
      return [200, { registered_model: { name: text('name') } }]
    }
    if (path === 'model-versions/search') {
      const wanted = /^name = '([^']+)' and tag\.`bikeshare\.version` = '([^']+)'$/.exec(text('filter'))
      if (!wanted) return error(400, 'INVALID_PARAMETER_VALUE')
      const found = versions.filter(
        (v) =>
          v.name === wanted[1] && v.tags.some((t) => t.key === 'bikeshare.version' && t.value === wanted[2]),
      )
      return [200, found.length === 0 ? {} : { model_versions: found }]
    }
    if (path === 'runs/create') {
      const id = `run${runs.size + 1}`
      runs.set(id, 'RUNNING')
      return [
        200,
        {
          run: {
            info: { run_id: id, artifact_uri: `${artifactRoot}/${text('experiment_id')}/${id}/artifacts` },
          },
        },
      ]
    }
    if (path === 'runs/log-batch') {
      if (!runs.has(text('run_id'))) return error(404, 'RESOURCE_DOES_NOT_EXIST')
      const params = (body['params'] ?? []) as { key: unknown; value: unknown }[]
      const metrics = (body['metrics'] ?? []) as Json[]
      const bad =
        params.length > 100 ||
        metrics.length > 1000 ||
        params.some((p) => typeof p.key !== 'string' || typeof p.value !== 'string') ||
        metrics.some(
          (m) =>
            typeof m['key'] !== 'string' || !Number.isFinite(m['value']) || !Number.isInteger(m['timestamp']),
        )
      return bad ? error(400, 'INVALID_PARAMETER_VALUE') : [200, {}]
    }
    if (path === 'runs/update') {
      runs.set(text('run_id'), text('status'))
      return [200, {}]
    }
    if (path === 'model-versions/create') {
      if (!models.has(text('name'))) return error(404, 'RESOURCE_DOES_NOT_EXIST')
      const made = {
        name: text('name'),
        version: String(versions.length + 1),
        run_id: text('run_id'),
        tags: body['tags'] as [],
      }
      versions.push(made)
      return [200, { model_version: made }]
    }
    if (path === 'registered-models/alias') {
      aliases.set(text('alias'), text('version'))
      return [200, {}]
    }
    return error(404, 'ENDPOINT_NOT_FOUND')
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const content = await read(request)
    const url = new URL(request.url ?? '', 'http://mlflow')
    const put = '/api/2.0/mlflow-artifacts/artifacts/'
    const path = url.pathname.replace(/^\/api\/2\.0\/mlflow\//, '')
    const failure = [...failures].find(([failing]) => url.pathname.includes(failing))
    if (failure) {
      failures.delete(failure[0])
      response.writeHead(failure[1][0]).end(failure[1][1])
    } else if (request.method === 'PUT' && url.pathname.startsWith(put)) {
      artifacts.set(url.pathname.slice(put.length), content)
      response.writeHead(200).end('{}')
    } else {
      const body: Json =
        request.method === 'GET'
          ? Object.fromEntries(url.searchParams)
          : (JSON.parse(content.toString()) as Json)
      calls.push({ method: request.method ?? '', path, body })
      const [status, json] = answer(path, body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    }
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    calls,
    artifacts,
    aliases,
    runs,
    failNext: (path, status, body) => void failures.set(path, [status, body]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

import { messageOf, OperatorError } from '../../core/errors.ts'

/** A call's answer: the status and the JSON body, or the text of what was no JSON. */
interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Calls to an MLflow tracking server. */
export interface MlflowClient {
  /** A call of the REST interface below `/api/2.0/mlflow/`; UNAVAILABLE when it fails. */
  call(method: 'GET' | 'POST', path: string, body: Readonly<Record<string, unknown>>): Promise<Answer['body']>
  /** The same; undefined when the server says that the thing is there already, or that it is not there. */
  tryCall(
    method: 'GET' | 'POST',
    path: string,
    body: Readonly<Record<string, unknown>>,
    expected: 'RESOURCE_ALREADY_EXISTS' | 'RESOURCE_DOES_NOT_EXIST',
  ): Promise<Answer['body'] | undefined>
  /** Uploads a file through the server's artifact proxy, at a path below the artifact root. */
  upload(path: string, content: Uint8Array): Promise<void>
}

/** Settings of a client. */
export interface MlflowClientOptions {
  /** Base address, such as `http://localhost:5000`. */
  readonly url: string
  /** Time limit of one call, in milliseconds; default 30,000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Opens a client of MLflow's REST interface. Every failure names the server and the call. */
export function openMlflowClient({ url, timeoutMs = 30_000, signal }: MlflowClientOptions): MlflowClient {
  const base = url.replace(/\/+$/, '')

  const send = async (method: string, path: string, body?: string | Uint8Array): Promise<Answer> => {
    const limit = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        // A redirect would lead to a login page, or somewhere that was not asked for.
        redirect: 'manual',
        ...(body === undefined
          ? {}
          : {
              body,
              headers: {
                'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
              },
            }),
      })
      return { status: response.status, body: parse(await response.text()) }
    } catch (error) {
      if (signal?.aborted) throw new OperatorError('CANCELLED', 'logging to MLflow was ended on request')
      const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : causeOf(error)
      throw new OperatorError(
        'UNAVAILABLE',
        `MLflow at ${base}: ${method} ${path}: ${why}`,
        'Is the server up, and the address in bikeshare.toml right? The model itself is registered.',
        error,
      )
    }
  }

  const request = (method: 'GET' | 'POST', path: string, body: Readonly<Record<string, unknown>>) => {
    const query = method === 'GET' ? `?${new URLSearchParams(body as Record<string, string>).toString()}` : ''
    return send(
      method,
      `/api/2.0/mlflow/${path}${query}`,
      method === 'POST' ? JSON.stringify(body) : undefined,
    )
  }

  const failed = (what: string, { status, body }: Answer): OperatorError =>
    new OperatorError(
      'UNAVAILABLE',
      `MLflow at ${base}: ${what} answered ${status}: ${textOf(body['error_code'])} ${textOf(body['message'])}`.trimEnd(),
      'The server’s log says more. The model itself is registered.',
    )

  return {
    async call(method, path, body) {
      const answer = await request(method, path, body)
      if (answer.status !== 200) throw failed(`${method} ${path}`, answer)
      return answer.body
    },
    async tryCall(method, path, body, expected) {
      const answer = await request(method, path, body)
      if (answer.status === 200) return answer.body
      if (answer.body['error_code'] === expected) return undefined
      throw failed(`${method} ${path}`, answer)
    },
    async upload(path, content) {
      const answer = await send('PUT', `/api/2.0/mlflow-artifacts/artifacts/${path}`, content)
      if (answer.status !== 200) throw failed(`PUT ${path}`, answer)
    },
  }
}

/** At most this much of an answer that is no JSON is shown. */
const SHOWN = 200

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>
  } catch {
    // An HTML page, say; what it says is shown below.
  }
  return { message: text.slice(0, SHOWN) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : '')

// fetch hides what went wrong one level down.
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetch } from 'undici'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { InferenceError } from '../../engines/inference-server/inference-error.ts'
import type { AnsweringModel } from './answering-model.ts'

const START_MS = 30_000
/** SageMaker gives a container 60 s for a request, and 30 s to end after SIGTERM. */
const ANSWER_MS = 60_000
const END_MS = 30_000

/**
 * Starts a program that serves a model by SageMaker's container protocol: the model is in the folder SM_MODEL_DIR, the port
 * is SAGEMAKER_BIND_TO_PORT, `GET /ping` says when it is ready. UNAVAILABLE, with the end of what it printed, when it does
 * not become ready.
 */
export async function startContainerProcess(
  command: readonly string[],
  model: Uint8Array,
): Promise<AnsweringModel> {
  const [program = '', ...args] = command
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-container-'))
  await writeFile(join(folder, 'xgboost-model'), model)
  const port = await freePort()
  const child = spawn(program, args, {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', SM_MODEL_DIR: folder, SAGEMAKER_BIND_TO_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)))
  const close = async (): Promise<void> => {
    await endProcess(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await ready(child, `http://127.0.0.1:${port}/ping`)
  } catch (error) {
    await close()
    throw new OperatorError(
      'UNAVAILABLE',
      `the container ${program} is not ready: ${messageOf(error)} ${said}`.trim(),
    )
  }
  return {
    close,
    async answer({ body, contentType, accept }) {
      let response
      try {
        response = await fetch(`http://127.0.0.1:${port}/invocations`, {
          method: 'POST',
          body,
          headers: {
            ...(contentType !== undefined && { 'content-type': contentType }),
            ...(accept !== undefined && { accept }),
          },
          signal: AbortSignal.timeout(ANSWER_MS),
        })
      } catch (error) {
        throw new InferenceError(500, `the container does not answer: ${messageOf(error)}`, error)
      }
      const answer = new Uint8Array(await response.arrayBuffer())
      if (response.status >= 400)
        throw new InferenceError(response.status, Buffer.from(answer).toString('utf8').slice(0, 500))
      return { body: answer, contentType: response.headers.get('content-type') ?? contentType ?? '' }
    },
  }
}

async function ready(child: ChildProcess, ping: string): Promise<void> {
  for (let waited = 0; waited < START_MS; waited += 50) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const up = await fetch(ping).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (up) return
    await sleep(50)
  }
  throw new Error(`no answer to /ping within ${START_MS / 1000} s`)
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await ended
  clearTimeout(timer)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

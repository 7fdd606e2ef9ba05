import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** A server that was started for the tests. */
export interface Server {
  readonly url: string
  close(): Promise<void>
}

const WAIT_MS = 120_000
const STEP_MS = 100

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts a program and waits until `ready` says so; the end of its output is in the error when it does not come to that. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ready: () => Promise<boolean>,
): Promise<() => Promise<void>> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const stop = (): Promise<void> => stopChild(child, ended)
  for (let waited = 0; waited < WAIT_MS; waited += STEP_MS) {
    if (child.exitCode !== null || child.pid === undefined) break
    if (await ready().catch(() => false)) return stop
    await setTimeout(STEP_MS)
  }
  await stop()
  throw new Error(`${command} did not start:\n${output}`)
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const late = new AbortController()
  await Promise.race([ended, setTimeout(5000, undefined, { signal: late.signal }).catch(() => {})])
  late.abort()
  if (child.exitCode === null) child.kill('SIGKILL')
  await ended
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** The command line as it is installed: the built output. */
export const CLI = resolve(import.meta.dirname, '../../bin/bikeshare.js')

/** What a run of the command line came to. */
export interface CliRun {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run under way. */
export interface CliProcess {
  readonly process: ChildProcess
  readonly done: Promise<CliRun>
  /** Resolves with the first match of `pattern` in stderr or stdout; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends it with a signal and waits until it is gone. */
  stop(signal: NodeJS.Signals): Promise<CliRun>
}

/** The environment of this process without its own `BIKESHARE_…` settings. */
function cleanEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('BIKESHARE_'))
  return { ...Object.fromEntries(own), ...env }
}

/** Starts `bikeshare ARGS`. */
export function startCli(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): CliProcess {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? resolve(import.meta.dirname, '../..'),
    env: cleanEnv(options.env ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      for (const look of waiting) look()
    })
  }
  const done = once(child, 'close').then(([code]: unknown[]): CliRun => ({
    code: typeof code === 'number' ? code : null,
    ...text,
  }))
  return {
    process: child,
    done,
    printed: (pattern) =>
      new Promise((found, failed) => {
        const look = (): void => {
          const match = pattern.exec(text.stderr) ?? pattern.exec(text.stdout)
          if (match) {
            waiting.delete(look)
            found(match)
          }
        }
        waiting.add(look)
        look()
        void done.then((run) =>
          failed(
            new Error(`ended with ${run.code} before it printed ${pattern}:\n${run.stderr}${run.stdout}`),
          ),
        )
      }),
    stop: async (signal) => {
      child.kill(signal)
      return done
    },
  }
}

/** Runs `bikeshare ARGS` to its end. */
export function runCli(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<CliRun> {
  return startCli(args, options).done
}

/** Runs it and throws with its output unless it exits with 0. */
export async function mustRun(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<CliRun> {
  const run = await runCli(args, options)
  if (run.code !== 0)
    throw new Error(`bikeshare ${args.join(' ')} ended with ${run.code}:\n${run.stderr}\n${run.stdout}`)
  return run
}

/** The last line of a run's stdout, as JSON. */
export function lastJson(run: CliRun): unknown {
  return JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '')
}

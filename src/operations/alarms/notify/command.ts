import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { type Channel, SendFailure } from './channel.ts'

/**
 * Runs a program, without a shell, with the document on its standard input; exit code 0 has taken it. At the timeout it is
 * killed with everything it started. What it prints is not kept: nobody knows what is in it.
 */
export function commandChannel(o: {
  readonly command: readonly string[]
  /** Its environment; this process's own when left out. */
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly timeoutMs: number
}): Channel {
  const [program = '', ...args] = o.command
  return {
    name: 'command',
    target: basename(program),
    send: (document) =>
      new Promise<void>((taken, refused) => {
        const child = spawn(program, args, {
          ...(o.env && { env: { ...o.env } }),
          stdio: ['pipe', 'ignore', 'ignore'],
          // A group of its own, so that it can be killed as a whole.
          detached: true,
        })
        let late = false
        const timer = setTimeout(() => {
          late = true
          killGroup(child.pid)
        }, o.timeoutMs)
        const end = (failure?: SendFailure): void => {
          clearTimeout(timer)
          if (failure) refused(failure)
          else taken()
        }
        child.once('error', (error: NodeJS.ErrnoException) =>
          end(new SendFailure(`it cannot be started (${error.code ?? 'unknown'})`, false)),
        )
        child.once('exit', (code, signal) => {
          if (late) end(new SendFailure(`not done within ${o.timeoutMs / 1000} s`, false))
          else if (code === 0) end()
          else end(new SendFailure(signal ? `it was ended by ${signal}` : `it ended with ${code}`, true))
        })
        // A program that does not read its input is its own matter.
        child.stdin.on('error', () => {})
        child.stdin.end(JSON.stringify(document))
      }),
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

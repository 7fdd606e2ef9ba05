import { spawn } from 'node:child_process'

/** Runs a program; its output is kept, and told only when it fails. Resolves to `{ ok, output }`. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) =>
      resolve({ ok: false, missing: error.code === 'ENOENT', output: error.message }),
    )
    child.on('close', (code) => resolve({ ok: code === 0, missing: false, output }))
  })
}

/** The last lines of a program's output, for an error. */
export function tail(output, lines = 12) {
  return output.trim().split('\n').slice(-lines).join('\n')
}

import { readFileSync } from 'node:fs'
import { OperatorError } from './core/errors.ts'
import { openContext, type ClosableContext } from './app/cli/context.ts'
import { runProgram } from './app/cli/program.ts'
import { openTerminalReporter } from './app/cli/terminal-reporter.ts'
import type { Config } from './core/config/schema.ts'
import type { Clock } from './core/time.ts'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const wall: Clock = () => Math.floor(Date.now() / 1000)
const out = (text: string): void => void process.stdout.write(text)
const err = (text: string): void => void process.stderr.write(text)

// Node 20 is supported here; the SDK's warning about it would stand in every command's output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
// Who reads what is printed may have had enough of it: `bikeshare … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await main()

/** Runs the command line once; every way out of the process is here. */
async function main(): Promise<number> {
  const stop = new AbortController()
  const onSignal = (): void => {
    // A second signal ends the process at once: the handlers are gone.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    stop.abort(new OperatorError('CANCELLED', 'stopped on request'))
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const json = process.argv.includes('--json')
  let open: ClosableContext | undefined
  try {
    const outcome = await runProgram({
      version: manifest.version,
      argv: process.argv.slice(2),
      out,
      err,
      openContext: async (options) => {
        open = await openContext(options, {
          env: process.env,
          wall,
          elapsedMs: () => performance.now(),
          signal: stop.signal,
          out,
          reporter: (quiet) =>
            openTerminalReporter({
              stream: process.stderr,
              bars: process.stderr.isTTY,
              quiet,
              elapsed: () => performance.now(),
            }),
          compose: async (config: Config, root, clock, report) => {
            const { composePlatform } = await import('./platform/compose.ts')
            return composePlatform(config, {
              root,
              clock,
              elapsedMs: () => performance.now(),
              env: process.env,
              random: Math.random,
              report,
            })
          },
          ensureTables: async (config: Config, tables) => {
            const { ensureTables } = await import('./platform/compose-aws.ts')
            return ensureTables(config, tables)
          },
          openSchedules: async (config: Config) => {
            const { openJobSchedules } = await import('./platform/compose-aws.ts')
            return openJobSchedules(config)
          },
          openStore: async (config: Config, address) => {
            const { openStoreAt } = await import('./platform/stores.ts')
            return openStoreAt(address, config)
          },
        })
        return open.context
      },
    })
    if (outcome.result) out(`${outcome.json ? JSON.stringify(outcome.result.json) : outcome.result.human}\n`)
    return outcome.exitCode
  } catch (error) {
    return explain(error, json)
  } finally {
    await open?.close()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/** Says what went wrong, for a person or a machine, and gives the exit code. */
function explain(error: unknown, json: boolean): number {
  if (!(error instanceof OperatorError)) {
    err(`bikeshare: a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  if (json)
    out(
      `${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint ?? null } })}\n`,
    )
  err(`bikeshare: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`)
  return error.exitCode
}

import { Command, CommanderError } from 'commander'
import { CATALOGUE } from './catalogue.ts'
import type { Act, CommandContext, CommandResult, Handler } from './command.ts'
import { addCommonOptions, type CommonOptions } from './options.ts'

/** What a run of the command line came to. */
export interface Outcome {
  readonly exitCode: number
  /** Absent when commander itself answered (help, version, a wrong flag). */
  readonly result?: CommandResult
  readonly json: boolean
}

/** What the program needs from main. */
export interface ProgramOptions {
  readonly version: string
  readonly argv: readonly string[]
  readonly openContext: (options: CommonOptions) => Promise<CommandContext>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  a bug in this program (its stack is shown)
  2  wrong use or bad input
  3  a dependency or the feed is unavailable
  4  a check said no`

/** Parses `argv`, loads the one command that it names, and runs it. OperatorErrors pass through. */
export async function runProgram(options: ProgramOptions): Promise<Outcome> {
  let outcome: Outcome | undefined
  const act: Act =
    <Options>(handler: Handler<Options>) =>
    async (...actionArgs) => {
      const command = actionArgs.at(-1) as Command
      const values = command.optsWithGlobals<CommonOptions & Options>()
      const context = await options.openContext(values)
      const result = await handler(
        context,
        values,
        ...command.processedArgs.flat().filter((arg) => typeof arg === 'string'),
      )
      outcome = { exitCode: result.exitCode ?? 0, result, json: values.json === true }
    }

  const program = new Command('bikeshare')
    .description(
      'Predicts for every station of a bike-share system the risk of running out of bikes or docks 30 minutes ahead.',
    )
    .version(options.version)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(`--help` tells how it is used)')
  const chosen = options.argv.find((word) => CATALOGUE.some((entry) => entry.name === word))
  for (const entry of CATALOGUE) {
    const command = program.command(entry.name).summary(entry.summary).description(capitalised(entry.summary))
    if (entry.name !== chosen) continue
    const { command: module } = await entry.load()
    module.build(command, act)
    if (module.actsItself === true) addCommonOptions(command)
  }
  prepare(program, options)
  try {
    await program.parseAsync([...options.argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { exitCode: error.exitCode === 0 ? 0 : 2, json: false }
  }
  return outcome ?? { exitCode: 0, json: false }
}

/** Gives every command the same output and exits, and every command that acts the common flags. */
function prepare(command: Command, options: ProgramOptions): void {
  command.exitOverride().configureOutput({ writeOut: options.out, writeErr: options.err })
  if (command.commands.length === 0 && command.parent) addCommonOptions(command)
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    prepare(child, options)
  }
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}

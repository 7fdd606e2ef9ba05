import { InvalidArgumentError, Option, type Command } from 'commander'
import { messageOf } from '../../core/errors.ts'
import { DAY_SECONDS, parseTime, type EpochSeconds } from '../../core/time.ts'
import { TARGETS, type Target } from '../../core/contracts/features.ts'

/** Values of the flags that every command takes. */
export interface CommonOptions {
  readonly config?: string
  readonly dataDir?: string
  readonly city?: string
  readonly platform?: 'local' | 'aws'
  readonly region?: string
  readonly profile?: string
  readonly now?: number
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Adds the flags that every command takes; one that has a --city of its own keeps it. */
export function addCommonOptions(command: Command): Command {
  if (!command.options.some(({ long }) => long === '--city'))
    command.option('--city <name>', 'city to work on')
  return command
    .option('--config <file>', 'settings file (default: bikeshare.toml here, when there is one)')
    .option('--data-dir <dir>', 'folder that holds the lakes (default: .bikeshare)')
    .addOption(new Option('--platform <name>', 'where it all is (default: local)').choices(['local', 'aws']))
    .option('--region <name>', 'AWS region')
    .option('--profile <name>', 'named AWS profile')
    .addOption(
      timeOption('--now <time>', 'work as of this time (default: the lake’s own clock, else the wall clock)'),
    )
    .option('--json', 'print one JSON document for machines')
    .option('--quiet', 'no progress')
}

/** An option that takes a time as people write it; its value is epoch seconds. */
export function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(checked((text): EpochSeconds => parseTime(text)))
}

/** An option that takes a whole number within bounds. */
export function intOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser(
    checked((text) => {
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
      if (!(value >= min && value <= max))
        throw new Error(`"${text}" is not a whole number from ${min} to ${max}`)
      return value
    }),
  )
}

/** An option that takes a number within bounds. */
export function numberOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser(
    checked((text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      if (!(value >= min && value <= max)) throw new Error(`"${text}" is not a number from ${min} to ${max}`)
      return value
    }),
  )
}

/** Longest duration that a timer takes, in days. */
const MAX_DAYS = 24

/** An option that takes a duration such as 90s, 10m, 2h or 3d, at most 24 d; its value is seconds. */
export function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(
    checked((text) => {
      const seconds = parseDuration(text)
      if (seconds > MAX_DAYS * DAY_SECONDS)
        throw new Error(`"${text}" is more than ${MAX_DAYS} days; do it in parts`)
      return seconds
    }),
  )
}

/** Seconds of `90s`, `10m`, `2h`, `3d`. */
function parseDuration(text: string): number {
  const m = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text)
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[m?.[2] ?? '']
  if (!m || unit === undefined) throw new Error(`"${text}" is not a duration; write 90s, 10m, 2h or 3d`)
  return Number(m[1]) * unit
}

/** `--city` of a command that works on several: given again, or with commas; its values are in `cities`. */
export function citiesOption(): Option {
  const option = new Option(
    '--city <names>',
    'cities to work on, as several --city or with commas',
  ).argParser((text: string, before: readonly string[]) => [
    ...before,
    ...text.split(',').filter((name) => name !== ''),
  ])
  option.default([], 'the city in force')
  // Under a name of its own: `city` is the setting of one.
  option.attributeName = () => 'cities'
  return option
}

/** `--target bikes|docks|both`, default both. */
export function targetOption(): Option {
  return new Option('--target <which>', 'what to predict').choices([...TARGETS, 'both']).default('both')
}

/** The targets that `--target` names. */
export function targetsOf(choice: Target | 'both'): readonly Target[] {
  return choice === 'both' ? TARGETS : [choice]
}

/** Examples at the end of `--help`. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, meaning: string])[],
): void {
  const text = examples.map(([line, meaning]) => `  $ bikeshare ${line}\n      ${meaning}`).join('\n')
  command.addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${text}`)
}

function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error))
    }
  }
}

import type { Command } from 'commander'
import type { Config } from '../../core/config/schema.ts'
import type { Reporter } from '../../core/report.ts'
import type { Clock, EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import type { LakeInfo } from '../../data/lake/lake-info.ts'

/** What a command hands back: text for a person, or the same as JSON for a machine. */
export interface CommandResult {
  readonly human: string
  readonly json: unknown
  /** 0 unless a check said no (4). */
  readonly exitCode?: number
}

/** A lake that is open, with everything a stage needs. */
export interface OpenLake {
  readonly platform: Platform
  readonly root: string
  readonly info: LakeInfo
  /** The time to work at: `--now`, else the lake's virtual clock, else the wall clock. */
  readonly now: EpochSeconds
}

/** What every command is given. */
export interface CommandContext {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly report: Reporter
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  /** The wall clock; only for what really runs by it (serving, watching a live feed). */
  readonly wall: Clock
  /** Milliseconds since some moment, monotonic. */
  readonly elapsedMs: () => number
  /** `--now` as given. */
  readonly givenNow: EpochSeconds | undefined
  readonly json: boolean
  /** The city in force; USAGE when none is chosen. */
  city(): Promise<string>
  /** Absolute path of the folder that holds the lakes. */
  readonly dataDir: string
  /** Folder of a city's lake. */
  lakeRoot(city: string): string
  /** Opens the platform on a folder, whether or not a lake is there; closed when the command ends. */
  readonly openPlatform: (root: string, clock?: Clock) => Promise<Platform>
  /** Opens the lake of the city in force; NOT_FOUND when there is none. */
  openLake(): Promise<OpenLake>
  /** A line for a person while the command goes on; nothing with --json. */
  line(text: string): void
}

/** What a command does: its options, then its arguments. */
export type Handler<Options> = (
  context: CommandContext,
  options: Options,
  ...args: string[]
) => Promise<CommandResult>

/** Turns a handler into commander's action; given by the program. */
export type Act = <Options>(handler: Handler<Options>) => (...actionArgs: unknown[]) => Promise<void>

/** One command of the command line: one file under commands/. */
export interface CommandModule {
  /** It does something by itself, though it has subcommands. */
  readonly actsItself?: true
  /** Adds arguments, options, examples and actions (of subcommands too). */
  build(command: Command, act: Act): void
}

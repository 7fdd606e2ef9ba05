import type { Command } from 'commander'
import type { Config } from '../../core/config/schema.ts'
import type { TableColumn } from '../../core/contracts/tables.ts'
import type { Reporter } from '../../core/report.ts'
import type { Clock, EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, Platform, Schedules } from '../../platform/ports.ts'
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

/** A lake's objects at an address: a folder, or `s3://BUCKET/PREFIX/`. */
export interface OpenStore {
  readonly store: ObjectStore
  /** The address in one form. */
  readonly address: string
  /** True where anything is there. */
  readonly isThere: boolean
}

/** What the tables of a city's lake on AWS are to be. */
export interface TablesWanted {
  readonly city: string
  readonly endpoints: readonly string[]
  /** The lake's first day, YYYY-MM-DD. */
  readonly since: string
  readonly views: readonly {
    readonly name: string
    readonly sql: string
    readonly columns: readonly TableColumn[]
  }[]
}

/** Names of tables and views, by what there was to do, and the database that they are in. */
export interface TablesMade {
  readonly database: string
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly unchanged: readonly string[]
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
  /** Opens the objects at an address, whatever the platform; closed when the command ends. */
  openStore(address: string): Promise<OpenStore>
  /** Makes the tables of a city's lake in Glue, or brings them up to date. */
  ensureTables(tables: TablesWanted): Promise<TablesMade>
  /** Opens what starts the jobs on AWS; closed when the command ends. */
  openSchedules(): Promise<Schedules>
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

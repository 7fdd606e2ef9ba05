import type { Config } from '../../core/config/schema.ts'
import type { Reporter } from '../../core/report.ts'
import type { Clock } from '../../core/time.ts'
import type { ShownCity } from './city-source.ts'

/** What the dashboard's server is made from. */
export interface DashboardOptions {
  readonly hostname: string
  /** 0 takes any free port. */
  readonly port: number
  readonly cities: readonly ShownCity[]
  readonly config: Config
  /** Folder of the built pages. */
  readonly webRoot: string
  readonly publicMode: boolean
  readonly version: string
  readonly wall: Clock
  /** Milliseconds since some moment, monotonic. */
  readonly elapsedMs: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly report: Reporter
  /** Folders of this machine that no answer names. */
  readonly hidden: readonly string[]
  /** Checks every answer against its contract before it is sent. */
  readonly checkAnswers?: boolean
}

/** The dashboard's server. */
export interface DashboardServer {
  readonly url: string
  /** Looks for what is new at once, as it does every few seconds while a page is open. */
  poke(): Promise<void>
  /** Ends open streams, answers what is under way, and stops. */
  close(): Promise<void>
}

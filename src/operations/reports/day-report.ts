import type { FeedRecord } from '../monitoring/feed/feed-file.ts'
import type { DriftRecord } from '../monitoring/drift/drift-file.ts'
import type { Gap } from '../../data/lake/gaps.ts'
import type { EndpointSlo } from '../slo/slo-report.ts'
import type { AlarmTime } from './alarm-times.ts'
import type { CityDay } from './city-day.ts'
import type { DaySeries } from './day-series.ts'
import type { LocalDay } from './local-day.ts'
import type { Warnings } from './warnings.ts'

/** What a day's report says of one endpoint. */
export interface EndpointDay {
  readonly warnings: Warnings
  readonly series: DaySeries
  /** The newest of the day; null without one. */
  readonly drift: DriftRecord | null
  /** The calendar month up to the end of the day; null for an endpoint that is not in prod. */
  readonly slo: EndpointSlo | null
}

/** Everything that the page of a day shows: report.json holds it. */
export interface DayReport {
  readonly report_version: 1
  readonly city: string
  readonly day: LocalDay
  /** The day had ended when the report was made. */
  readonly complete: boolean
  readonly happened: CityDay
  readonly endpoints: readonly EndpointDay[]
  /** Stretches of over 15 minutes without a snapshot. */
  readonly gaps: readonly Gap[]
  /** The newest look at the feed's health of the day; null without one. */
  readonly feed: FeedRecord | null
  readonly alarms: readonly AlarmTime[]
  /** Names of the stations that the page names, by id; without one the id is shown. */
  readonly names: Readonly<Record<string, string>>
}

import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { FeedRecord } from '../../../operations/monitoring/feed/feed-file.ts'
import { FRESHNESS_OBJECTIVE } from '../../../operations/slo/objectives.ts'
import type { CitySource } from '../city-source.ts'
import { endpointLate, feedLate } from '../../status/whole-status.ts'
import { alarmsAt } from './alarms-at.ts'
import { asOf, momentOf } from './as-of.ts'
import { newestBatch } from './batches.ts'
import { budgetsAt } from './budgets.ts'
import { newestFeed } from './drift-at.ts'
import { jobsAt } from './jobs-at.ts'
import { lakeFigures } from './lake-figures.ts'
import { forRequest } from './request.ts'
import { servingFigures } from './serving-figures.ts'
import { systemCharts } from './system-charts.ts'

/** Days that charts and changes of alarms are of, unless somebody asks for others. */
const DAYS = 2

/** How the system did at a moment: the feed, the endpoints, alarms and jobs. */
export async function readSystemHealth(
  given: CitySource,
  o: { readonly at?: EpochSeconds | undefined; readonly days?: number | undefined } = {},
): Promise<SystemHealth> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const days = o.days ?? DAYS
  const [endpoints, newest, alarms, { jobs, scheduler, late }, budget] = await Promise.all([
    servingFigures(source, at),
    newestFeed(source, at),
    alarmsAt(source, at, days),
    jobsAt(source, at),
    budgetsAt(source, at),
  ])
  const names = endpoints.map(({ endpoint }) => endpoint)
  const [as_of, batches, charts] = await Promise.all([
    asOf(source, at, names),
    Promise.all(names.map((endpoint) => newestBatch(source, endpoint, at))),
    systemCharts(source, { endpoints: names, at, days }),
  ])
  const lastBatch = batches.map((batch) => (batch && batch.slot > at - DAY_SECONDS ? batch.slot : null))
  const feed = feedOf(newest, as_of.snapshot_at === null ? null : at - as_of.snapshot_at)
  return {
    as_of,
    late: [
      ...feedLate(feed),
      ...endpoints.flatMap((one, i) => endpointLate({ ...one, last_batch: lastBatch[i] ?? null }, at)),
      ...late,
      ...alarms.alarms.flatMap(alarmWords),
    ],
    feed,
    endpoints,
    budget,
    ...alarms,
    jobs,
    scheduler,
    ...(at < source.now() ? { cost: null, storage: [] } : lakeFigures(source)),
    charts,
  }
}

function feedOf(newest: FeedRecord | undefined, age: number | null): SystemHealth['feed'] {
  return {
    age_seconds: age,
    ingest_slo: newest?.ingest?.share ?? null,
    ingest_objective: FRESHNESS_OBJECTIVE,
    coverage: newest?.coverage ?? null,
    quarantined: newest?.quarantined
      ? Object.values(newest.quarantined).reduce((sum, n) => sum + n, 0)
      : null,
    frozen_stations: newest?.frozen?.share ?? null,
    gaps: (newest?.gaps ?? []).map(({ from, to, cause }) => ({ from, to, cause })),
  }
}

function alarmWords({ name, state, since, reason, silence }: SystemHealth['alarms'][number]): string[] {
  return state === 'ALARM' && silence === null ? [`${name} is in ALARM since ${isoOf(since)}: ${reason}`] : []
}

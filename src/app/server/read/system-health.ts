import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
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
  const endpoints = await servingFigures(source, at)
  const lastBatch = new Map<string, EpochSeconds>()
  for (const { endpoint } of endpoints) {
    const batch = await newestBatch(source, endpoint, at)
    if (batch && batch.slot > at - DAY_SECONDS) lastBatch.set(endpoint, batch.slot)
  }
  const as_of = await asOf(
    source,
    at,
    endpoints.map(({ endpoint }) => endpoint),
  )
  const feed = await feedAt(source, at, as_of.snapshot_at)
  const alarms = await alarmsAt(source, at, days)
  const { jobs, scheduler, late } = await jobsAt(source, at)
  return {
    as_of,
    late: [
      ...feedLate(feed),
      ...endpoints.flatMap((one) =>
        endpointLate({ ...one, last_batch: lastBatch.get(one.endpoint) ?? null }, at),
      ),
      ...late,
      ...alarms.alarms.flatMap(alarmWords),
    ],
    feed,
    endpoints,
    budget: await budgetsAt(source, at),
    ...alarms,
    jobs,
    scheduler,
    ...(at < source.now() ? { cost: null, storage: [] } : lakeFigures(source)),
    charts: await systemCharts(source, { endpoints: endpoints.map(({ endpoint }) => endpoint), at, days }),
  }
}

async function feedAt(
  source: CitySource,
  at: EpochSeconds,
  snapshot: EpochSeconds | null,
): Promise<SystemHealth['feed']> {
  const newest = await newestFeed(source, at)
  return {
    age_seconds: snapshot === null ? null : at - snapshot,
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

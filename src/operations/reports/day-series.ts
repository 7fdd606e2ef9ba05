import type { Statistic } from '../../core/contracts/cloudwatch.ts'
import { BATCH_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { metricSeries, type Datapoint } from '../metrics/series.ts'
import { modelMetric, type EndpointMetrics } from '../slo/read-figures.ts'
import type { LocalDay } from './local-day.ts'

/** Figures of an endpoint over a day, as they were published. */
export interface DaySeries {
  readonly onset: readonly Datapoint[]
  readonly persistence_onset: readonly Datapoint[]
  readonly pr_auc: readonly Datapoint[]
  readonly f1: readonly Datapoint[]
  readonly samples: readonly Datapoint[]
  readonly psi: readonly Datapoint[]
  readonly feed_age: readonly Datapoint[]
  readonly heartbeat: readonly Datapoint[]
}

/** Reads the series of a day: one point a batch, of PSI one an hour. */
export async function readDaySeries(
  { metrics }: Pick<Platform, 'metrics'>,
  of: EndpointMetrics,
  day: LocalDay,
): Promise<DaySeries> {
  const read = (
    name: Parameters<typeof modelMetric>[1],
    stat: Statistic = 'Average',
    period: number = BATCH_SECONDS,
  ): Promise<Datapoint[]> =>
    metricSeries(metrics, { metric: modelMetric(of, name), stat, period, from: day.from, to: day.to })
  return {
    onset: await read('Onset-PR-AUC-24h'),
    persistence_onset: await read('Persistence-Onset-PR-AUC-24h'),
    pr_auc: await read('PR-AUC-24h'),
    f1: await read('F1-24h'),
    samples: await read('Samples-24h'),
    psi: await read('PSI', 'Maximum', HOUR_SECONDS),
    feed_age: await read('FeedAge', 'Maximum'),
    heartbeat: await read('PredictionHeartbeat', 'Minimum'),
  }
}

/** The grid of a day: `from`, `from + step`, … before `to`, and a series on it; null where it has no point. */
export function onGrid(
  day: LocalDay,
  step: number,
  points: readonly Datapoint[],
): { readonly times: readonly EpochSeconds[]; readonly values: readonly (number | null)[] } {
  const byTime = new Map(points.map(({ t, v }) => [t, v]))
  const times: EpochSeconds[] = []
  for (let t = Math.ceil(day.from / step) * step; t < day.to; t += step) times.push(t)
  return { times, values: times.map((t) => byTime.get(t) ?? null) }
}

import type { MetricStore } from '../../platform/ports.ts'
import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { metricSeries } from '../metrics/series.ts'
import { judgeQuality, type Judged, type QualityObjective } from './quality-objectives.ts'
import { modelMetric, type EndpointMetrics } from './read-figures.ts'

/** Reads and judges an endpoint's three quality objectives over the batches of `[from, until)`. */
export async function readQualityObjectives(
  metrics: MetricStore,
  of: EndpointMetrics,
  floors: { readonly pr_auc: number; readonly f1: number },
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<QualityObjective[]> {
  const read = (name: Parameters<typeof modelMetric>[1]) =>
    metricSeries(metrics, {
      metric: modelMetric(of, name),
      stat: 'Average',
      period: BATCH_SECONDS,
      from,
      to: until,
    })
  const [bounds, onsets, prAuc, f1] = await Promise.all([
    read('Persistence-Onset-PR-AUC-24h'),
    read('Onset-PR-AUC-24h'),
    read('PR-AUC-24h'),
    read('F1-24h'),
  ])
  const persistence = new Map(bounds.map(({ t, v }) => [t, v]))
  const onset = onsets.flatMap(({ t, v }) => {
    const bound = persistence.get(t)
    return bound === undefined ? [] : [{ value: v, bound }]
  })
  const above = (series: readonly { v: number }[], bound: number): Judged[] =>
    series.map(({ v }) => ({ value: v, bound }))
  return [
    judgeQuality('PR-AUC-24h', above(prAuc, floors.pr_auc)),
    judgeQuality('F1-24h', above(f1, floors.f1)),
    judgeQuality('onset above persistence', onset, true),
  ]
}

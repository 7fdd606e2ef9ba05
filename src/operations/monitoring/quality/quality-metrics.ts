import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { MODEL_METRICS, type MetricName } from '../../../core/contracts/metrics.ts'
import type { QualityFigures, QualityRow } from '../../../core/contracts/quality.ts'

/** Which figure each metric is. */
const FIGURES = {
  'PR-AUC-24h': 'pr_auc',
  'F1-24h': 'f1',
  'ThresholdHitRate-24h': 'hit_rate',
  'Samples-24h': 'samples',
  'Onset-PR-AUC-24h': 'onset_pr_auc',
  'Persistence-PR-AUC-24h': 'persistence_pr_auc',
  'Persistence-Onset-PR-AUC-24h': 'persistence_onset_pr_auc',
  'Brier-24h': 'brier',
} as const satisfies Partial<Record<MetricName, keyof QualityFigures>>

/**
 * Batches that a figure called "24 h" needs: 16 hours. A few hours of a morning are ranked worse than a day on every quiet
 * day, so that figures of less would raise alarms after each outage and for every new endpoint.
 */
export const FEWEST_BATCHES = 96

/**
 * The data of a window, of the endpoint as a whole and by variant. A figure that is missing gives none; of a window with
 * fewer than 96 batches only the samples are put.
 */
export function qualityData(rows: readonly QualityRow[]): MetricDatum[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'all' && row.kind !== 'variant') return []
    const Dimensions = {
      EndpointName: row.endpoint,
      City: row.city,
      ...(row.kind === 'variant' && { VariantName: row.name }),
    }
    return Object.entries(FIGURES).flatMap(([name, figure]): MetricDatum[] => {
      const value = row[figure]
      if (value === null || (row.batches < FEWEST_BATCHES && figure !== 'samples')) return []
      const { unit } = MODEL_METRICS[name as keyof typeof FIGURES]
      return [{ MetricName: name, Dimensions, Timestamp: row.ends_at, Unit: unit, Value: value }]
    })
  })
}

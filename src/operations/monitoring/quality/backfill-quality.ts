import { OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import { batchFloor, BATCH_SECONDS, dtOf, type EpochSeconds } from '../../../core/time.ts'
import { requireLake } from '../../../data/lake/lake-info.ts'
import { runQuality } from './run-quality.ts'
import { openQualityWindow, type WindowPlatform } from './window.ts'

export interface BackfillQualityOptions {
  readonly city: string
  /** Batches in `[from, to]`. */
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly report: Reporter
  readonly signal: AbortSignal
}

/**
 * Writes the partitions of past batches that are missing; metrics are not put, and predictions made after the fact count
 * in none. What is published stays. Ended by `signal` with CANCELLED, it goes on from there the next time.
 */
export async function backfillQuality(
  platform: WindowPlatform,
  { city, from, to, report, signal }: BackfillQualityOptions,
): Promise<{ readonly batches: number; readonly partitions: number }> {
  const { timezone } = await requireLake(platform.store, city)
  const first = Math.ceil(from / BATCH_SECONDS) * BATCH_SECONDS
  const total = Math.max(0, (batchFloor(to) - first) / BATCH_SECONDS + 1)
  const progress = report.start('Judging past predictions', total)
  const window = openQualityWindow()
  const putMetricData = (): Promise<void> => Promise.reject(new Error('a backfill puts no metric'))
  let [batches, partitions] = [0, 0]
  for (let at = first; at <= to; at += BATCH_SECONDS) {
    if (signal.aborted)
      throw new OperatorError('CANCELLED', 'the backfill was ended on request', 'Run it again.')
    const { endpoints } = await runQuality(
      { store: platform.store, warehouse: platform.warehouse, metrics: { putMetricData } },
      { city, timezone, at, now: to, namespace: '', window, live: false },
    )
    batches += 1
    partitions += endpoints.filter(({ published }) => published).length
    progress.update(batches, dtOf(at))
  }
  progress.end(`${partitions} partitions written for ${batches} batches`)
  return { batches, partitions }
}

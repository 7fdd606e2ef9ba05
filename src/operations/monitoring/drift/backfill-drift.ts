import { MODEL_NAMESPACE } from '../../../core/contracts/metrics.ts'
import { OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import { HOUR_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import { requireLake } from '../../../data/lake/lake-info.ts'
import { runFeedHealth } from '../feed/run-feed-health.ts'
import { runDrift, type DriftPlatform } from './run-drift.ts'

export interface BackfillDriftOptions {
  readonly city: string
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly report: Reporter
  readonly signal?: AbortSignal
}

/**
 * Writes the drift and feed records of every whole hour in `[from, to]`, oldest first, from what the lake has; no metric. What
 * is counted already is not counted again, so that a run that was ended goes on where it was. CANCELLED when the signal
 * aborts.
 */
export async function backfillDrift(
  platform: DriftPlatform,
  { city, from, to, report, signal }: BackfillDriftOptions,
): Promise<{ hours: number; records: number }> {
  const { timezone, country } = await requireLake(platform.store, city)
  const first = Math.ceil(from / HOUR_SECONDS) * HOUR_SECONDS
  const total = Math.max(0, Math.floor((to - first) / HOUR_SECONDS) + 1)
  const progress = report.start('drift', total)
  let [hours, records] = [0, 0]
  try {
    for (let at = first; at <= to; at += HOUR_SECONDS) {
      if (signal?.aborted)
        throw new OperatorError(
          'CANCELLED',
          `the back-fill of drift was ended after ${hours} of ${total} hours`,
          'Run it again.',
        )
      const options = { city, at, now: at, namespace: MODEL_NAMESPACE, live: false }
      records += (await runDrift(platform, { ...options, timezone, country })).length
      await runFeedHealth(platform, options)
      progress.update(++hours, isoOf(at))
    }
  } finally {
    progress.end(`${hours} of ${total} hours`)
  }
  return { hours, records }
}

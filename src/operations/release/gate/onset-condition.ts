import type { Condition } from '../../../core/contracts/gate.ts'
import { STOCKOUT_AT_MOST } from '../../../core/contracts/features.ts'
import { DAY_SECONDS, dayFloor, HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { scoredRows, type ScoredRange } from '../../../model/prediction/scored-rows.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { GateOptions } from './gate-options.ts'
import { onsetBound } from './onset-bound.ts'
import type { OnsetRows } from './onset-order.ts'

/** Fewest onsets that came for an interval to mean something. */
const MIN_ONSETS = 10

/**
 * Does the model find stations that still have more than two and will run out better than "fewest now, first"? The value is
 * the lower end of the interval of the difference in PR-AUC, on the onset rows whose outcome came in the 24 hours to `at`.
 */
export async function onsetCondition(
  platform: Pick<Platform, 'warehouse'>,
  {
    city,
    endpoint,
    at,
    readOnsets = (range) => onsetsOf(platform, range),
  }: Pick<GateOptions, 'city' | 'endpoint' | 'readOnsets'> & { readonly at: EpochSeconds },
): Promise<Condition> {
  const base = { name: 'Onset-PR-AUC above persistence', unit: 'None', threshold: '> 0' } as const
  const until = at - HORIZON_SECONDS + 1
  const bound = await onsetBound(await readOnsets({ city, endpoint, from: until - DAY_SECONDS, until }))
  if (!bound)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no onset with a known outcome in 24 h' }
  const detail =
    `PR-AUC ${bound.model.toFixed(3)} against persistence's ${bound.persistence.toFixed(3)} on ${bound.rows} onset rows ` +
    `(${bound.positives} ran out); difference at least ${bound.lower.toFixed(3)}, at most ${bound.upper.toFixed(3)}`
  if (bound.positives < MIN_ONSETS)
    return {
      ...base,
      value: bound.lower,
      verdict: 'fail',
      detail: `too few onsets: ${bound.positives} of ${MIN_ONSETS}`,
    }
  return { ...base, value: bound.lower, verdict: bound.lower > 0 ? 'pass' : 'fail', detail }
}

async function onsetsOf(platform: Pick<Platform, 'warehouse'>, range: ScoredRange): Promise<OnsetRows> {
  const clusters = new Map<string, number>()
  const rows: { cluster: number; label: number; score: number; count: number }[] = []
  for await (const { station_id, slot, label, score, count_now } of scoredRows(platform, range)) {
    if (count_now <= STOCKOUT_AT_MOST) continue
    const name = `${dayFloor(slot)}/${station_id}`
    const cluster = clusters.get(name) ?? clusters.size
    clusters.set(name, cluster)
    rows.push({ cluster, label, score, count: count_now })
  }
  return {
    clusters: Int32Array.from(rows, (row) => row.cluster),
    labels: Uint8Array.from(rows, (row) => row.label),
    scores: Float64Array.from(rows, (row) => row.score),
    counts: Int32Array.from(rows, (row) => row.count),
  }
}

import type { ModelHealth } from '../../../core/contracts/api/model.ts'
import type { Target } from '../../../core/contracts/features.ts'
import {
  batchFloor,
  DAY_SECONDS,
  HORIZON_SECONDS,
  HOUR_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import { calibration } from '../../../model/evaluation/calibration.ts'
import type { CitySource } from '../city-source.ts'
import { visitJudged } from './judged.ts'
import { cacheOf, kept } from './read-cache.ts'
import { newestSnapshotTime } from './snapshot-times.ts'

/**
 * Ten bins of equal count over the predictions whose outcome came in the 24 hours to `at`: what was said on average, and what
 * happened. Null without any.
 */
export async function saidAndHappened(
  source: CitySource,
  o: { readonly endpoint: string; readonly target: Target; readonly at: EpochSeconds },
): Promise<ModelHealth['calibration']> {
  // Outcomes come with batches' ends, and late ones with their hour.
  const at = batchFloor(o.at)
  const newest = await newestSnapshotTime(source, at)
  const token = `${newest ?? ''} ${Math.floor(source.now() / HOUR_SECONDS)}`
  return kept(cacheOf(source).answers, `calibration/${o.endpoint}/${at}`, token, () =>
    binsOf(source, { ...o, at }),
  )
}

async function binsOf(
  source: CitySource,
  o: { readonly endpoint: string; readonly target: Target; readonly at: EpochSeconds },
): Promise<ModelHealth['calibration']> {
  const [from, to] = [o.at - DAY_SECONDS, o.at]
  const positives: number[] = []
  const negatives: number[] = []
  const slots = { from: from - HORIZON_SECONDS + 1, until: to - HORIZON_SECONDS + 1 }
  await visitJudged(source, { ...o, ...slots }, (batch, row, happened) => {
    if ((batch.made_at[row] ?? Infinity) <= o.at)
      (happened ? positives : negatives).push(batch.score[row] ?? Number.NaN)
  })
  const samples = positives.length + negatives.length
  if (samples === 0) return null
  const ranking = {
    positives: Float64Array.from(positives).sort(),
    negatives: Float64Array.from(negatives).sort(),
  }
  return {
    from,
    to,
    samples,
    bins: calibration(ranking).map(({ predicted, observed, rows }) => ({
      said: predicted,
      happened: observed,
      samples: rows,
    })),
  }
}

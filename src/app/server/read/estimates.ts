import type { Point } from '../../../core/contracts/api/common.ts'
import type { ModelHealth } from '../../../core/contracts/api/model.ts'
import { BATCH_SECONDS, DAY_SECONDS, HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { readEstimates, type Estimate } from '../../../operations/monitoring/estimate/estimate-file.ts'
import { coverageOf } from '../../../operations/monitoring/estimate/past.ts'
import type { CitySource } from '../city-source.ts'
import { chartOf } from './chart.ts'
import { gridOf, lastDays, periodFor } from './metric-lines.ts'

/** Longest window of the chart: estimates are of three batches each, and read whole. */
const MOST_DAYS = 2

/** PR-AUC as it was estimated before the outcomes were known, with its interval, and as it came. Null without any. */
export async function estimateOf(
  source: CitySource,
  o: { readonly endpoint: string; readonly at: EpochSeconds; readonly days: number },
): Promise<ModelHealth['estimate']> {
  const { platform, info } = source
  const window = lastDays(o.at, Math.min(o.days, MOST_DAYS))
  const read = await readEstimates(platform.store, { city: info.city, endpoint: o.endpoint, ...window })
  // What came of a batch is known half an hour after it.
  const estimates = read.map((one) => (one.at + HORIZON_SECONDS <= o.at ? one : { ...one, realised: null }))
  const byTime = new Map(estimates.map((one) => [one.at, one]))
  const period = periodFor(window, BATCH_SECONDS)
  const points = (of: (one: Estimate) => number | null | undefined): Point[] =>
    gridOf({ period, atBegin: true }, window, (t) => {
      const one = byTime.get(t)
      return (one && of(one)) ?? undefined
    })
  const line = (name: string, of: (one: Estimate) => number | null | undefined) => ({
    name,
    unit: 'None',
    period,
    points: points(of),
    of: null,
  })
  const chart = chartOf(
    'estimate',
    window,
    [line('estimated', (one) => one.pr_auc?.mean), line('realised', (one) => one.realised?.pr_auc)],
    {
      band: {
        lower: points((one) => one.pr_auc?.interval?.low),
        upper: points((one) => one.pr_auc?.interval?.high),
      },
      samples: estimates.at(-1)?.rows ?? null,
    },
  )
  if (!chart) return null
  const { windows, covered } = coverageOf(
    estimates.filter(({ at }) => at > o.at - MOST_DAYS * DAY_SECONDS),
  ).pr_auc
  return { chart, coverage: windows === 0 ? null : covered / windows, windows }
}

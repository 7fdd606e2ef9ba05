import type { Platform } from '../../../platform/ports.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { EndpointView } from '../quality/endpoint-windows.ts'
import { FEWEST_WINDOWS, MOST_WINDOWS } from './conformal.ts'
import { type Estimate, readEstimates } from './estimate-file.ts'
import { type Coverage, coverageOf } from './past.ts'
import type { EstimatedFigure } from './expect.ts'
import { estimateOf } from './run-estimate.ts'

/** The estimate of an endpoint's last batches, and how good those before it were. */
export interface EstimateReport {
  readonly endpoint: string
  readonly estimate: Estimate | null
  /** Of the intervals of the last two days. */
  readonly coverage: Readonly<Record<EstimatedFigure, Coverage>>
  /** Estimates of these days whose outcomes are known. */
  readonly history_windows: number
  /** Why there is no estimate, or no interval; null when there are both. */
  readonly reason: string | null
}

/** Reads the estimates of the endpoints of `views`, which are as of `at`; one that was not made then is made now, and not kept. Nothing is written. */
export async function estimateReport(
  { store }: Pick<Platform, 'store'>,
  views: readonly EndpointView[],
  { city, at }: { readonly city: string; readonly at: EpochSeconds },
): Promise<EstimateReport[]> {
  const reports: EstimateReport[] = []
  for (const view of views) {
    const { endpoint } = view
    const past = await readEstimates(store, {
      city,
      endpoint,
      from: at - MOST_WINDOWS * 600,
      to: at,
    })
    const estimate = past.find((made) => made.at === at) ?? estimateOf(view, at, past)
    const known = past.filter(({ realised }) => realised !== null).length
    const bare =
      estimate !== null && [estimate.pr_auc, estimate.f1, estimate.brier].every((one) => !one?.interval)
    reports.push({
      endpoint,
      estimate,
      coverage: coverageOf(past),
      history_windows: known,
      reason:
        estimate === null
          ? 'no prediction waits for its outcome'
          : bare
            ? `it needs ${FEWEST_WINDOWS} past windows whose outcomes are known`
            : null,
    })
  }
  return reports
}

import { OperatorError } from '../../../core/errors.ts'
import { HORIZON_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import { evaluateSaid } from '../../../model/evaluation/said.ts'
import { batchSeed } from '../../../model/prediction/shuffle.ts'
import { endpointViews, type EndpointView, type WindowOptions } from '../quality/endpoint-windows.ts'
import { allRows } from '../quality/figures.ts'
import { openQualityWindow, type WindowPlatform } from '../quality/window.ts'
import { calibrate } from './calibrate.ts'
import { conformalInterval, MOST_WINDOWS } from './conformal.ts'
import { type Estimate, readEstimates, writeEstimates } from './estimate-file.ts'
import { ESTIMATED, type EstimatedFigure, type Expectation, expectFigures } from './expect.ts'
import { pastOf } from './past.ts'

/** Batches look back this far for what came of their estimates: the outcomes of one that was missed, too, are counted. */
const HISTORY_SECONDS = (MOST_WINDOWS + 12) * 600

export interface EstimateOptions extends WindowOptions {
  readonly now: EpochSeconds
  /** Those of `runQuality` for the same batch, so that nothing is read twice. */
  readonly views?: readonly EndpointView[]
}

/** What came of one endpoint. */
export interface EndpointEstimate {
  readonly endpoint: string
  /** Null when none of the last three batches predicted anything. */
  readonly estimate: Estimate | null
}

/**
 * Estimates PR-AUC, F1 and Brier score of every endpoint's batches that have no outcome yet, and compares earlier estimates
 * with what came. An estimate is made once, before the outcomes; run again nothing changes. It is no metric: no gate and
 * no alarm reads it.
 */
export async function runEstimate(
  platform: WindowPlatform,
  options: EstimateOptions,
): Promise<EndpointEstimate[]> {
  const { city, at } = options
  if (at > options.now)
    throw new OperatorError('USAGE', `${isoOf(at)} is not a batch before ${isoOf(options.now)}`)
  const views = options.views ?? (await endpointViews(platform, openQualityWindow(), options))
  return Promise.all(
    views.map(async (view) => {
      const { endpoint } = view
      const past = await readEstimates(platform.store, { city, endpoint, from: at - HISTORY_SECONDS, to: at })
      const compared = past
        .filter(({ realised }) => realised === null)
        .flatMap((made) => realise(view, made, at))
      const known = new Map([...past, ...compared].map((made) => [made.at, made]))
      const before = known.get(at)
      const estimate = before ?? estimateOf(view, at, [...known.values()])
      const changed = [...compared, ...(before || !estimate ? [] : [estimate])]
      if (changed.length > 0) await writeEstimates(platform.store, { city, endpoint }, changed)
      return { endpoint, estimate }
    }),
  )
}

/** The estimate of the batches that wait for their outcome at `at`; null when there is none. */
export function estimateOf(view: EndpointView, at: EpochSeconds, past: readonly Estimate[]): Estimate | null {
  const { blocks } = view.windowAt(at)
  const pending = view.pending.filter(({ rows }) => rows > 0)
  if (pending.length === 0) return null
  const labelled = allRows(blocks)
  const calibrated = calibrate(labelled.labels, labelled.scores)
  const scores = Float64Array.from(pending.flatMap((block) => [...block.scores]))
  const said = Uint8Array.from(pending.flatMap((block) => [...block.said]))
  const chances = scores.map(calibrated)
  const expected = expectFigures({ scores, said, chances }, batchSeed(view.windowAt(at).city, at))
  const figure = (name: EstimatedFigure): Estimate[EstimatedFigure] => {
    const expectation: Expectation | null = expected[name]
    return expectation && { ...expectation, interval: conformalInterval(expectation, pastOf(past, name, at)) }
  }
  return {
    estimate: true,
    at,
    slots: pending.map(({ slot }) => slot),
    rows: scores.length,
    calibration_rows: labelled.labels.length,
    past_windows: Math.max(...ESTIMATED.map((name) => pastOf(past, name, at).length)),
    pr_auc: figure('pr_auc'),
    f1: figure('f1'),
    brier: figure('brier'),
    realised: null,
  }
}

/** An earlier estimate with what came, once the outcomes of all its batches are due; none as long as they are not. */
function realise(view: EndpointView, made: Estimate, at: EpochSeconds): Estimate[] {
  const last = Math.max(...made.slots) + HORIZON_SECONDS
  if (last > at) return []
  const rows = allRows(view.blocksOf(made.slots))
  if (rows.labels.length === 0) return []
  const { pr_auc, f1, brier } = evaluateSaid(rows)
  // A perfect order adds up to a last bit more than 1, which would lie outside every interval.
  const area = pr_auc === null ? null : Math.min(1, pr_auc)
  return [{ ...made, realised: { rows: rows.labels.length, pr_auc: area, f1, brier } }]
}

import type { Compared, ModelHealth } from '../../../core/contracts/api/model.ts'
import type { Target } from '../../../core/contracts/features.ts'
import type { QualityRow } from '../../../core/contracts/quality.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { driftAt } from './drift-at.ts'
import { endpointAt, servedBy } from './endpoints.ts'
import { estimateOf } from './estimates.ts'
import { modelCharts } from './model-charts.ts'
import { comparedOf, qualityAt } from './quality-at.ts'
import { forRequest } from './request.ts'
import { saidAndHappened } from './said-happened.ts'
import type { ViewOptions } from './state.ts'

/** Days that the charts are of, unless somebody asks for others. */
const DAYS = 7
const SMALL_TO_LARGE = ['small', 'medium', 'large', 'unknown']

/** How a target's model does at a moment, beside persistence. */
export async function readModelHealth(
  given: CitySource,
  o: ViewOptions & { readonly target: Target; readonly days?: number | undefined },
): Promise<ModelHealth> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const { target, days = DAYS } = o
  const endpoint = await endpointAt(source, { at, stage: o.stage, target })
  if (endpoint === undefined)
    return {
      as_of: await asOf(source, at, [endpoint]),
      target,
      endpoint: null,
      variants: [],
      quality: null,
      by_hour: [],
      by_size: [],
      calibration: null,
      estimate: null,
      drift: null,
      charts: [],
    }
  const [as_of, rows = [], calibration, estimate, drift, charts] = await Promise.all([
    asOf(source, at, [endpoint]),
    qualityAt(source, endpoint, at),
    saidAndHappened(source, { endpoint, target, at }),
    estimateOf(source, { endpoint, at, days }),
    driftAt(source, endpoint, at),
    modelCharts(source, { endpoint, at, days }),
  ])
  const all = rows.find(({ kind }) => kind === 'all')
  return {
    as_of,
    target,
    endpoint,
    variants: await variantsAt(source, endpoint, at, rows),
    quality: all ? comparedOf(all) : null,
    by_hour: rows
      .filter(({ kind }) => kind === 'hour')
      .map((row) => ({ hour: Number(row.name), figures: comparedOf(row) }))
      .sort((a, b) => a.hour - b.hour),
    by_size: rows
      .filter(({ kind }) => kind === 'group')
      .sort((a, b) => SMALL_TO_LARGE.indexOf(a.name) - SMALL_TO_LARGE.indexOf(b.name))
      .map((row) => ({
        group: row.name,
        capacity_min: row.capacity_min,
        capacity_max: row.capacity_max,
        figures: comparedOf(row),
      })),
    calibration,
    estimate,
    drift,
    charts,
  }
}

async function variantsAt(
  source: CitySource,
  endpoint: string,
  at: EpochSeconds,
  rows: readonly QualityRow[],
): Promise<ModelHealth['variants']> {
  const served = (await servedBy(source, endpoint, at))?.variants ?? []
  const sum = served.reduce((total, { weight }) => total + weight, 0)
  return served.map(({ variant, group, model_version, weight }) => ({
    variant,
    group,
    model_version,
    share: sum === 0 ? 0 : weight / sum,
    figures: figuresOf(rows, variant, model_version),
  }))
}

/** Of the variant, while all that it said was by the model that it serves now; else of that model. */
function figuresOf(rows: readonly QualityRow[], variant: string, modelVersion: string): Compared | null {
  const row =
    rows.find(
      ({ kind, name, model_version }) =>
        kind === 'variant' && name === variant && model_version === modelVersion,
    ) ?? rows.find(({ kind, name }) => kind === 'version' && name === modelVersion)
  return row ? comparedOf(row) : null
}

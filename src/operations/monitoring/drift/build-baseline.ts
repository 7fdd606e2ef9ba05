import { FEATURE_CONTRACT } from '../../../core/contracts/features.ts'
import type { Manifest } from '../../../core/contracts/manifest.ts'
import { OperatorError } from '../../../core/errors.ts'
import { BATCH_SECONDS, isoOf } from '../../../core/time.ts'
import type { ModelRows } from '../../../data/features/model-rows.ts'
import { loadModel } from '../../../model/registry/registry.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { BaselineColumn, BaselineName, StoredBaseline } from './baseline-file.ts'
import { baselineScores } from './baseline-scores.ts'
import { binOf } from './bins.ts'
import { LABEL_EDGES, SCORE_EDGES } from './columns.ts'
import { countRows, emptyColumn, quantileColumns } from './count-rows.ts'
import { weekHours } from './week-hour.ts'

/** What making a baseline needs; without a scorer it has no scores. */
export type BaselinePlatform = Pick<Platform, 'store' | 'warehouse'> & Partial<Pick<Platform, 'scorer'>>

/** Counts the training rows of a model into quantile bins, by hour of the city's week; scores are of its validation rows. */
export async function buildBaseline(platform: BaselinePlatform, name: BaselineName): Promise<StoredBaseline> {
  const { warehouse } = platform
  const { city, target, group, version, timezone } = name
  const { manifest, model } = await loadModel(platform.store, group, version)
  const { from, train_until } = manifest.training
  const window: ModelRows = { city, target, from, until: train_until + BATCH_SECONDS }
  const columns = await quantileColumns(warehouse, window, manifest.training.train_rows)
  columns.set('label', emptyColumn(LABEL_EDGES))
  const weekHour = weekHours(timezone)
  const rows = await countRows(warehouse, window, () => columns, weekHour)
  if (rows === 0)
    throw new OperatorError(
      'NOT_FOUND',
      `the lake has no features of ${city} from ${isoOf(from)} to ${isoOf(train_until)}, which ${group} ${version} was trained on`,
      'Build them with `bikeshare features build`, or deploy a model trained on what is there.',
    )
  columns.set('score', await scoreColumn(platform, name, manifest, model, weekHour))
  return {
    baseline_version: 1,
    city,
    target,
    group,
    version,
    timezone,
    feature_contract: FEATURE_CONTRACT,
    from,
    until: train_until,
    rows,
    columns: Object.fromEntries(
      [...columns].map(([column, { edges, histogram }]) => [
        column,
        { edges: [...edges], hours: histogram.toJSON() },
      ]),
    ),
  }
}

async function scoreColumn(
  { warehouse, scorer }: BaselinePlatform,
  { city, target }: BaselineName,
  { training }: Manifest,
  model: Uint8Array,
  weekHour: (at: number) => number,
): Promise<BaselineColumn> {
  if (!scorer) return emptyColumn([])
  const loaded = await scorer.load(model)
  try {
    const window = { city, target, from: training.validation_from, until: training.until + BATCH_SECONDS }
    const { slots, scores } = await baselineScores(warehouse, loaded, window, training.validation_rows)
    const column = emptyColumn(SCORE_EDGES)
    for (const [i, slot] of slots.entries())
      column.histogram.add(weekHour(slot), binOf(column.edges, scores[i] ?? Number.NaN))
    return column
  } finally {
    await loaded.close()
  }
}

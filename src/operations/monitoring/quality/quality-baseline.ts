import { z } from 'zod'
import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import { isOperatorError, messageOf, OperatorError } from '../../../core/errors.ts'
import { qualityBaselineKey } from '../../../core/keys.ts'
import { BATCH_SECONDS, DAY_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { evaluate } from '../../../model/evaluation/metrics.ts'
import { loadModel } from '../../../model/registry/registry.ts'
import { scoreRows } from '../../../model/training/score-rows.ts'
import type { ObjectStore, Platform } from '../../../platform/ports.ts'
import { dailySpread } from './bound.ts'

const spreadSchema = z
  .strictObject({ days: z.int(), mean: z.number(), sd: z.number(), floor: z.number() })
  .nullable()

const baselineSchema = z.strictObject({
  quality_baseline_version: z.literal(1),
  city: z.string(),
  target: z.enum(TARGETS),
  group: z.string(),
  version: z.string(),
  /** Held-out days, 24 hours each, the newest last: figures at the model's threshold. */
  days: z.array(
    z.strictObject({
      from: z.int(),
      until: z.int(),
      rows: z.int(),
      positives: z.int(),
      pr_auc: z.number(),
      f1: z.number(),
    }),
  ),
  pr_auc: spreadSchema,
  f1: spreadSchema,
  /** Below these a 24 h figure is not what the model does on a quiet day; null when the days are too few to say. */
  pr_auc_floor: z.number().nullable(),
  f1_floor: z.number().nullable(),
})

/** What held-out days say of a model version: its daily figures, and the bounds that follow from their spread. */
export type QualityBaseline = z.infer<typeof baselineSchema>

export interface QualityBaselineOptions {
  readonly city: string
  readonly target: Target
  readonly group: string
  readonly version: string
}

/** The stored baseline of a version; undefined when there is none. CORRUPT when it is damaged. */
export async function readQualityBaseline(
  store: ObjectStore,
  group: string,
  version: string,
): Promise<QualityBaseline | undefined> {
  const key = qualityBaselineKey(group, version)
  const stored = await store.get(key)
  if (!stored) return undefined
  try {
    return baselineSchema.parse(JSON.parse(new TextDecoder().decode(stored.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Delete the file; it is then made anew.',
      error,
    )
  }
}

/**
 * The baseline of a version, made once: its validation rows are scored day by day. NOT_FOUND without the version,
 * MISMATCH when it is of another city or target.
 */
export async function ensureQualityBaseline(
  platform: Pick<Platform, 'store' | 'warehouse' | 'scorer'>,
  { city, target, group, version }: QualityBaselineOptions,
): Promise<QualityBaseline> {
  const { store } = platform
  const present = await readQualityBaseline(store, group, version)
  if (present) return present
  const baseline = await makeBaseline(platform, { city, target, group, version })
  try {
    await store.put(qualityBaselineKey(group, version), `${JSON.stringify(baseline, null, 2)}\n`, {
      ifAbsent: true,
    })
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
  }
  return (await readQualityBaseline(store, group, version)) ?? baseline
}

async function makeBaseline(
  platform: Pick<Platform, 'store' | 'warehouse' | 'scorer'>,
  { city, target, group, version }: QualityBaselineOptions,
): Promise<QualityBaseline> {
  const { manifest, model } = await loadModel(platform.store, group, version, { city })
  if (manifest.target !== target)
    throw new OperatorError('MISMATCH', `${group} ${version} predicts ${manifest.target}, not ${target}`)
  const { validation_from, until: last } = manifest.training
  const loaded = await platform.scorer.load(model)
  const days: QualityBaseline['days'] = []
  try {
    for (const from of wholeDays(validation_from, last + BATCH_SECONDS)) {
      const until = from + DAY_SECONDS
      const evaluation = await scoreRows(platform.warehouse, loaded, { city, target, from, until })
        .then((rows) => evaluate({ ...rows, threshold: manifest.threshold }))
        .catch((error: unknown) => {
          if (isOperatorError(error, 'NOT_FOUND')) return undefined
          throw error
        })
      if (evaluation?.pr_auc == null || evaluation.f1 === null) continue
      const { rows, positives, pr_auc, f1 } = evaluation
      days.push({ from, until, rows, positives, pr_auc, f1 })
    }
  } finally {
    await loaded.close()
  }
  const pr_auc = dailySpread(days.map((day) => day.pr_auc))
  const f1 = dailySpread(days.map((day) => day.f1))
  return {
    quality_baseline_version: 1,
    city,
    target,
    group,
    version,
    days,
    pr_auc,
    f1,
    pr_auc_floor: pr_auc?.floor ?? null,
    f1_floor: f1?.floor ?? null,
  }
}

/** Beginnings of the whole 24 hours that lie in `[from, until)`, the last ending with it; in order. */
function wholeDays(from: EpochSeconds, until: EpochSeconds): EpochSeconds[] {
  const days: EpochSeconds[] = []
  for (let day = until - DAY_SECONDS; day >= from; day -= DAY_SECONDS) days.unshift(day)
  return days
}

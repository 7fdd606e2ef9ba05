import { z } from 'zod'
import { citySchema } from '../../config/schema.ts'
import { TARGETS } from '../features.ts'

/** Which of a city's endpoints a view is about. */
export const STAGES = ['staging', 'prod'] as const
export type Stage = (typeof STAGES)[number]
export const stageSchema = z.enum(STAGES)
export const targetSchema = z.enum(TARGETS)

/** A moment in epoch seconds. */
export const momentSchema = z.int().min(0).max(4_102_444_800)

/** A figure; null is one that is missing, and shown as missing. */
export const figureSchema = z.number().nullable()

/** `at` of a query: a moment of the past, or nothing for the newest. */
export const atSchema = z.coerce
  .number()
  .pipe(momentSchema)
  .optional()
  .describe('epoch seconds; nothing for the newest')

export const cityParamsSchema = z.strictObject({ city: citySchema })
export const stationParamsSchema = z.strictObject({
  city: citySchema,
  station_id: z.string().min(1).max(200),
})

/** A view of a city at a moment, for one stage. */
export const viewQuerySchema = z.strictObject({
  at: atSchema,
  stage: stageSchema.default('staging'),
})
export const stageQuerySchema = viewQuerySchema.pick({ stage: true })
export const targetQuerySchema = viewQuerySchema.extend({ target: targetSchema.default('bikes') })

/** A download of a view instead of JSON. */
export const FORMATS = ['json', 'csv', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/**
 * What every answer about a city says of time: the moment it is as of, the moment that is now for the lake, the newest
 * batch and snapshot that it shows, and whether they are too old to be called live.
 */
export const asOfSchema = z.strictObject({
  city: z.string(),
  timezone: z.string(),
  /** The moment that the view shows. */
  at: momentSchema,
  /** What the lake's clock says; a virtual one stands still. */
  now: momentSchema,
  clock: z.enum(['live', 'virtual']),
  /** `at` is the newest moment, not one of the past. */
  newest: z.boolean(),
  /** Newest snapshot at or before `at`. */
  snapshot_at: momentSchema.nullable(),
  /** Slot of the newest batch at or before `at` of the stage. */
  batch_at: momentSchema.nullable(),
  /** Snapshot or batch older than they may be (15 and 25 minutes). */
  stale: z.boolean(),
})
export type AsOf = z.infer<typeof asOfSchema>

/** One point of a series; `v` null is a gap, drawn as a gap. */
export const pointSchema = z.tuple([momentSchema, figureSchema])
export type Point = z.infer<typeof pointSchema>

/** A line of a chart: what it is, in which unit, over which periods, and from how many samples. */
export const seriesSchema = z.strictObject({
  /** `PR-AUC-24h`, `ModelLatency p95`: the metric's own name and statistic. */
  name: z.string(),
  unit: z.string(),
  /** Seconds between two points. */
  period: z.int().positive(),
  points: z.array(pointSchema),
  /** What the points are of, when several lines share a name: a variant, a feature. */
  of: z.string().nullable(),
})
export type Series = z.infer<typeof seriesSchema>

/** A bound drawn across a chart: an alarm's, or the gate's. */
export const boundSchema = z.strictObject({
  name: z.string(),
  value: z.number(),
  /** On which side it breaches. */
  breach: z.enum(['above', 'below']),
  kind: z.enum(['warn', 'crit', 'gate', 'objective']),
})
export type Bound = z.infer<typeof boundSchema>

/** A chart: lines that share an axis, its bounds, window and sample size. */
export const chartSchema = z.strictObject({
  /** Key of the title in the catalogue of texts. */
  id: z.string(),
  unit: z.string(),
  from: momentSchema,
  to: momentSchema,
  series: z.array(seriesSchema),
  bounds: z.array(boundSchema),
  /** An alarm's band of the expected, when there is one: lower and upper. */
  band: z.strictObject({ lower: z.array(pointSchema), upper: z.array(pointSchema) }).nullable(),
  /** How many rows or requests the newest point stands on; null when nobody knows. */
  samples: z.int().nullable(),
})
export type Chart = z.infer<typeof chartSchema>

/** What went wrong, as every route answers it. */
export const problemSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
  }),
})
export type Problem = z.infer<typeof problemSchema>

import { z } from 'zod'
import { asOfSchema, figureSchema, momentSchema, targetSchema } from './common.ts'

/** Stations of a city, by column: what changes seldom. Index i of every array is one station; ordered by station_id. */
export const stationsSchema = z.strictObject({
  /** Changes when any of it does; `state` names the version that its columns go with. */
  version: z.string(),
  station_id: z.array(z.string()),
  /** As in the feed: shown as text, never as markup. */
  name: z.array(z.string()),
  lat: z.array(z.number()),
  lon: z.array(z.number()),
  /** Docks in all; null where the feed says none. */
  capacity: z.array(z.int().nullable()),
})
export type Stations = z.infer<typeof stationsSchema>

/**
 * `ok` rents and returns; `closed` is not installed; `no_rent` or `no_return` does one alone; `unknown` is missing from the
 * snapshot of the moment.
 */
export const STATION_CONDITIONS = ['ok', 'closed', 'no_rent', 'no_return', 'unknown'] as const
export type StationCondition = (typeof STATION_CONDITIONS)[number]

/** What a target's endpoint said, by column; null where it said nothing. */
const predictedSchema = z.strictObject({
  endpoint: z.string(),
  threshold: figureSchema,
  /** Score of the model, 0..1. */
  score: z.array(figureSchema),
  /** Said to run out: at or above the threshold of the model that said it. */
  stockout: z.array(z.boolean().nullable()),
  /** Had more than two left at the slot: to run out would be an onset. */
  onset: z.array(z.boolean().nullable()),
})

/** State of every station at a moment, in the order of `stations` of the same version. */
export const stateSchema = z.strictObject({
  as_of: asOfSchema,
  version: z.string(),
  bikes: z.array(z.int().nullable()),
  docks: z.array(z.int().nullable()),
  condition: z.array(z.enum(STATION_CONDITIONS)),
  /** Predictions of the newest batch at or before the moment; null for an endpoint that is not there or said nothing. */
  predicted: z.strictObject({ bikes: predictedSchema.nullable(), docks: predictedSchema.nullable() }),
})
export type State = z.infer<typeof stateSchema>

/** One station of the list of those at risk. */
export const atRiskSchema = z.strictObject({
  station_id: z.string(),
  name: z.string(),
  lat: z.number(),
  lon: z.number(),
  capacity: z.int().nullable(),
  /** Bikes (or docks) left now, and an hour ago. */
  count_now: z.int().nullable(),
  count_hour_ago: z.int().nullable(),
  score: z.number(),
  /** Share of predictions with such a score that came true, and of how many; null with too few. */
  chance: figureSchema,
  chance_samples: z.int().nonnegative(),
  /** Seconds from `at` until the moment that the prediction is about. */
  lead_seconds: z.int(),
  /** First slot of the unbroken run of batches that say so. */
  since: momentSchema,
  /** Rides that are expected to be lost in the next hour if nobody comes; null without enough history. */
  expected_shortage: figureSchema,
  variant: z.string(),
  model_version: z.string(),
})
export type AtRisk = z.infer<typeof atRiskSchema>

export const topSchema = z.strictObject({
  as_of: asOfSchema,
  target: targetSchema,
  endpoint: z.string().nullable(),
  /** Still have more than two, and are said to run out: the highest chance first. */
  onsets: z.array(atRiskSchema),
  /** Have two or fewer already: the longest first. */
  empty: z.array(atRiskSchema),
  /** How many there are of each, listed or not. */
  onset_count: z.int(),
  empty_count: z.int(),
  /** Stations that were judged. */
  judged: z.int(),
})
export type Top = z.infer<typeof topSchema>

/** Moments that can be shown: the batches of a stage, and the stretches without a snapshot. */
export const timelineSchema = z.strictObject({
  as_of: asOfSchema,
  /** First and last snapshot of the lake. */
  from: momentSchema.nullable(),
  to: momentSchema.nullable(),
  /** Slots of the stage's batches, oldest first. */
  batches: z.array(momentSchema),
  /** No snapshot within: begin and end. */
  gaps: z.array(z.tuple([momentSchema, momentSchema])),
})
export type Timeline = z.infer<typeof timelineSchema>

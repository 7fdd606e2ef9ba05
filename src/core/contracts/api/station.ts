import { z } from 'zod'
import { asOfSchema, figureSchema, momentSchema } from './common.ts'
import { STATION_CONDITIONS } from './city.ts'

/** What was said of a station, and what happened. */
const pastPredictionSchema = z.strictObject({
  slot: momentSchema,
  score: z.number(),
  threshold: z.number(),
  stockout: z.boolean(),
  count_now: z.int(),
  variant: z.string(),
  model_version: z.string(),
  /** Count at slot + 30 min; null where it is not known, or not yet. */
  count_then: z.int().nullable(),
  /** Two or fewer; null where it is not known. */
  happened: z.boolean().nullable(),
})
export type PastPrediction = z.infer<typeof pastPredictionSchema>

const outlookSchema = z.strictObject({
  endpoint: z.string(),
  slot: momentSchema,
  score: z.number(),
  threshold: z.number(),
  stockout: z.boolean(),
  chance: figureSchema,
  chance_samples: z.int().nonnegative(),
  variant: z.string(),
  model_version: z.string(),
})

/** Everything about one station at a moment. */
export const stationViewSchema = z.strictObject({
  as_of: asOfSchema,
  station_id: z.string(),
  name: z.string(),
  lat: z.number(),
  lon: z.number(),
  capacity: z.int().nullable(),
  condition: z.enum(STATION_CONDITIONS),
  bikes: z.int().nullable(),
  docks: z.int().nullable(),
  ebikes: z.int().nullable(),
  bikes_disabled: z.int().nullable(),
  docks_disabled: z.int().nullable(),
  last_reported: momentSchema.nullable(),
  /** In no snapshot of the last 15 minutes, though it was once: since when. */
  vanished_since: momentSchema.nullable(),
  outlook: z.strictObject({ bikes: outlookSchema.nullable(), docks: outlookSchema.nullable() }),
  /** Slots of five minutes of the last 24 hours; null where the state is not known. */
  history: z.array(
    z.strictObject({ slot: momentSchema, bikes: z.int().nullable(), docks: z.int().nullable() }),
  ),
  /** Predictions of the last 24 hours by target, oldest first. */
  past: z.strictObject({ bikes: z.array(pastPredictionSchema), docks: z.array(pastPredictionSchema) }),
  /** The hour's weather as the features have it; null without any. */
  weather: z
    .strictObject({
      valid_at: momentSchema,
      source: z.string(),
      temp_c: figureSchema,
      precip_mm: figureSchema,
      wind_kph: figureSchema,
      rhum_pct: figureSchema,
      snow_mm: figureSchema,
      weather_code: figureSchema,
    })
    .nullable(),
  neighbours: z.array(
    z.strictObject({
      station_id: z.string(),
      name: z.string(),
      distance_m: z.number(),
      bikes: z.int().nullable(),
      docks: z.int().nullable(),
      capacity: z.int().nullable(),
      score_bikes: figureSchema,
      score_docks: figureSchema,
    }),
  ),
})
export type StationView = z.infer<typeof stationViewSchema>

import { z } from 'zod'
import { asOfSchema, chartSchema, figureSchema, momentSchema, targetSchema } from './common.ts'

/** Figures of the model with those of persistence for the same rows beside them. */
const comparedSchema = z.strictObject({
  at: momentSchema,
  samples: z.int(),
  positives: z.int(),
  batches: z.int(),
  onset_samples: z.int(),
  onset_positives: z.int(),
  onset_pr_auc: figureSchema,
  persistence_onset_pr_auc: figureSchema,
  pr_auc: figureSchema,
  persistence_pr_auc: figureSchema,
  f1: figureSchema,
  persistence_f1: figureSchema,
  precision: figureSchema,
  recall: figureSchema,
  brier: figureSchema,
  calibration_error: figureSchema,
})

/** One bin of a calibration: what was said on average, what happened, and of how many. */
const calibrationBinSchema = z.strictObject({ said: z.number(), happened: z.number(), samples: z.int() })

export const modelHealthSchema = z.strictObject({
  as_of: asOfSchema,
  target: targetSchema,
  endpoint: z.string().nullable(),
  /** What serves: variants with their model and share. */
  variants: z.array(
    z.strictObject({
      variant: z.string(),
      group: z.string(),
      model_version: z.string(),
      share: z.number(),
      figures: comparedSchema.nullable(),
    }),
  ),
  /** Newest published 24 hours; null before the first. */
  quality: comparedSchema.nullable(),
  /** By hour of the city's day and by size of station. */
  by_hour: z.array(z.strictObject({ hour: z.int(), figures: comparedSchema })),
  by_size: z.array(
    z.strictObject({
      group: z.string(),
      capacity_min: z.int().nullable(),
      capacity_max: z.int().nullable(),
      figures: comparedSchema,
    }),
  ),
  calibration: z
    .strictObject({
      from: momentSchema,
      to: momentSchema,
      samples: z.int(),
      bins: z.array(calibrationBinSchema),
    })
    .nullable(),
  /** Estimated before the outcome is known, with its 90 % interval, against what was then realised. */
  estimate: z
    .strictObject({
      chart: chartSchema,
      /** Share of the windows whose realised value lay within; null before any. */
      coverage: figureSchema,
      windows: z.int(),
    })
    .nullable(),
  drift: z
    .strictObject({
      at: momentSchema,
      psi: figureSchema,
      samples: z.int(),
      /** Why PSI is missing. */
      note: z.string().nullable(),
      features: z.array(z.strictObject({ name: z.string(), psi: figureSchema })),
      /** Stations that moved furthest: the mean of a feature over the window beside that of the station's training rows. */
      stations: z.array(
        z.strictObject({
          station_id: z.string(),
          name: z.string(),
          /** PSI of one station alone is not had: too few samples. */
          psi: figureSchema,
          feature: z.string(),
          baseline: z.number(),
          window: z.number(),
          /** Their difference, in standard deviations of the station's training rows. */
          shift: z.number(),
        }),
      ),
      feature_skew: figureSchema,
      weather_faults: figureSchema,
      frozen_stations: figureSchema,
    })
    .nullable(),
  /** `onset`, `prauc`, `f1`, `brier`, `psi`, … each with bounds and band. */
  charts: z.array(chartSchema),
})
export type ModelHealth = z.infer<typeof modelHealthSchema>
export type Compared = z.infer<typeof comparedSchema>

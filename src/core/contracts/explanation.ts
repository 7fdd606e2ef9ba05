import { z } from 'zod'
import { TARGETS, type FeatureName } from './features.ts'

/** What features are about, as people think of it. */
export const REASON_GROUPS = ['state', 'trend', 'neighbours', 'time', 'weather'] as const
export type ReasonGroup = (typeof REASON_GROUPS)[number]

/** The group of each feature of the contract. */
export const FEATURE_GROUPS = {
  util_bikes: 'state',
  util_docks: 'state',
  delta_bikes_5m: 'trend',
  delta_docks_5m: 'trend',
  roll15_net_bikes: 'trend',
  roll30_net_bikes: 'trend',
  roll60_net_bikes: 'trend',
  roll15_bikes_mean: 'trend',
  roll30_bikes_mean: 'trend',
  roll60_bikes_mean: 'trend',
  nbr_bikes_weighted: 'neighbours',
  nbr_docks_weighted: 'neighbours',
  hour: 'time',
  dow: 'time',
  is_weekend: 'time',
  is_holiday: 'time',
  temp_c: 'weather',
  precip_mm: 'weather',
  wind_kph: 'weather',
  rhum_pct: 'weather',
  pres_hpa: 'weather',
  wind_dir_deg: 'weather',
  wind_gust_kph: 'weather',
  snow_mm: 'weather',
  weather_code: 'weather',
} as const satisfies Record<FeatureName, ReasonGroup>

const count = z.int().nonnegative()
const share = z.number().min(0).max(1)
const what = z.enum(TARGETS)

/**
 * One clause of the sentence: a message key with its parameters, for a catalogue of texts in any language. `what` says
 * whether bikes or free docks are counted. Every value stands in the prediction or in the features that the model was given
 * (only the neighbours' direction is seen from the features of half an hour before).
 */
export const reasonPartSchema = z.discriminatedUnion('key', [
  /** "5 bikes left": what is there at the slot. */
  z.strictObject({ key: z.literal('count_now'), params: z.strictObject({ what, count }) }),
  /** "4 fewer bikes than 15 minutes ago"; `change` is not 0, and below 0 when there are fewer now. Of docks, too, mostly bikes. */
  z.strictObject({
    key: z.literal('changed'),
    params: z.strictObject({ what, change: z.int(), minutes: z.int() }),
  }),
  /** "as many bikes as an hour ago" */
  z.strictObject({ key: z.literal('steady'), params: z.strictObject({ what, minutes: z.int() }) }),
  /** "0.4 bikes on average in the last 15 minutes" */
  z.strictObject({
    key: z.literal('mean'),
    params: z.strictObject({ what, mean: z.number().nonnegative(), minutes: z.int() }),
  }),
  /** "what was here in the last hour is not known" */
  z.strictObject({ key: z.literal('trend_unknown'), params: z.strictObject({}) }),
  /**
   * "neighbours are 8 % full, and emptying": `level` is the weighted share of their capacity with bikes (with free docks)
   * now; they are emptying when they have fewer bikes (more free docks) than 30 minutes ago, by 3 points or more. Null when
   * that is not known.
   */
  z.strictObject({
    key: z.literal('neighbours'),
    params: z.strictObject({
      what,
      level: share,
      direction: z.enum(['emptying', 'filling', 'steady']).nullable(),
    }),
  }),
  /** "there is no neighbour whose state is known" */
  z.strictObject({ key: z.literal('neighbours_unknown'), params: z.strictObject({}) }),
  /** "weekday 8:40": local time; `weekday` 0 is Monday. */
  z.strictObject({
    key: z.literal('time'),
    params: z.strictObject({
      weekday: z.int().min(0).max(6),
      hour: z.int().min(0).max(23),
      minute: z.int().min(0).max(59),
      kind: z.enum(['weekday', 'weekend', 'holiday']),
    }),
  }),
  /** "rain, 8 °C": what is missing is null. */
  z.strictObject({
    key: z.literal('weather'),
    params: z.strictObject({
      sky: z.enum(['dry', 'rain', 'snow']).nullable(),
      temp_c: z.number().nullable(),
      precip_mm: z.number().nullable(),
      wind_kph: z.number().nullable(),
    }),
  }),
  /** "the weather is not known" */
  z.strictObject({ key: z.literal('weather_unknown'), params: z.strictObject({}) }),
])
export type ReasonPart = z.infer<typeof reasonPartSchema>

/** What one group of features adds to the margin, with the values behind it. */
export const reasonSchema = z.strictObject({
  group: z.enum(REASON_GROUPS),
  /** Log-odds; above 0 it raises the risk. The sum of its features'. */
  contribution: z.number(),
  /** Part of a short sentence: a tenth or more of all that is added and taken away. */
  weighty: z.boolean(),
  /** The group in words. */
  parts: z.array(reasonPartSchema),
  /** By size of contribution, the largest first. A missing value is null. */
  features: z.array(
    z.strictObject({ name: z.string(), value: z.number().nullable(), contribution: z.number() }),
  ),
})
export type Reason = z.infer<typeof reasonSchema>

/** SHAP contributions of one prediction, by the model that made it. */
export const whySchema = z.strictObject({
  /**
   * True when the features are those that were sent, by their hash. Else the lake no longer gives them (a snapshot came
   * late, say): the contributions are of what it gives now, and `score` differs from the prediction's.
   */
  exact: z.boolean(),
  /** The version that computed it: of the two that may have answered while one was rolled out, the one with this score. */
  model_version: z.string(),
  /** Log-odds before any feature is known: what the model says on average of its training rows. */
  base: z.number(),
  /** Log-odds in all: `base` and every contribution. */
  margin: z.number(),
  /** Of the margin: 1 / (1 + exp(-margin)). */
  score: share,
  /** Every group, by size of contribution, the largest first. */
  reasons: z.array(reasonSchema).length(REASON_GROUPS.length),
})
export type Why = z.infer<typeof whySchema>

/** How often it came, when a score like this was given before. */
export const chanceSchema = z.strictObject({
  /** Share of predictions with such a score that came true, made monotone over all scores. */
  chance: share,
  /** Predictions with such a score, and how many of them came true. */
  samples: count,
  positives: count,
  /** 90 % interval of the share (Wilson); the predictions are taken as independent, which they are only in part. */
  low: share,
  high: share,
})
export type Chance = z.infer<typeof chanceSchema>

/** What chances are read from: outcomes of one model version, none of them later than the moment asked for. */
export const calibrationSchema = z.strictObject({
  model_version: z.string(),
  /**
   * Whose predictions they were: the endpoint's that is asked for, or another one's of the same city that the version
   * serves too, if it has more and the first has less than a day.
   */
  endpoint: z.string(),
  /** First and last slot among them, epoch seconds. */
  from: z.int(),
  until: z.int(),
  samples: count,
  positives: count,
  /** Ascending and touching: a score belongs to the first step whose `up_to` is not below it, or to the last. */
  steps: z.array(z.strictObject({ up_to: share, samples: count, positives: count })).min(1),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** One prediction with its chance and its reasons. */
export const explanationSchema = z.strictObject({
  station_id: z.string(),
  target: z.enum(TARGETS),
  slot: z.int(),
  /** The moment that it is about: 30 minutes after the slot. */
  due_at: z.int(),
  /** Bikes or docks at the slot. */
  count_now: count,
  score: share,
  threshold: share,
  stockout: z.boolean(),
  variant: z.string(),
  model_version: z.string(),
  /** Made after the fact. */
  backfilled: z.boolean(),
  /** Null when fewer than 500 outcomes of this model version are known. */
  chance: chanceSchema.nullable(),
  /** Null when the lake no longer gives any features of the station at the slot. */
  why: whySchema.nullable(),
})
export type Explanation = z.infer<typeof explanationSchema>

/** Explained predictions of the newest batch at a moment. */
export const explanationsSchema = z.strictObject({
  city: z.string(),
  timezone: z.string(),
  endpoint: z.string(),
  at: z.int(),
  /** The batch; null when the endpoint predicted nothing in the hour before `at`. */
  slot: z.int().nullable(),
  /** The highest score first; equal scores by station. */
  predictions: z.array(explanationSchema),
  /** One for each model version among them that has one. */
  calibrations: z.array(calibrationSchema),
})
export type Explanations = z.infer<typeof explanationsSchema>

import { z } from 'zod'

/** Conditions of the admission gate, by name. All but the last two are metrics of the last 24 hours. */
export const GATE_CONDITIONS = [
  'PR-AUC-24h',
  'F1-24h',
  'ModelLatency p95',
  'Invocation5XXErrors',
  'PredictionHeartbeat',
  'PSI',
  'Onset-PR-AUC above persistence',
] as const

/** One condition with what was found. Only a value that is there and good passes. */
export const conditionSchema = z.strictObject({
  name: z.enum(GATE_CONDITIONS),
  /** Null when there is none. */
  value: z.number().nullable(),
  unit: z.string(),
  /** `>= 0.70`: what the value must be. */
  threshold: z.string(),
  verdict: z.enum(['pass', 'fail', 'waived']),
  /** What the value is of, or why there is none. */
  detail: z.string(),
})
export type Condition = z.infer<typeof conditionSchema>

/** What the gate said of one endpoint. */
export const gateResultSchema = z.strictObject({
  endpoint: z.string(),
  city: z.string(),
  region: z.string(),
  /** The 24 hours that end at this batch. */
  at: z.int(),
  /** What it serves, and since when; null without a deployment. */
  model_version: z.string().nullable(),
  serving_since: z.int().nullable(),
  verdict: z.enum(['pass', 'fail']),
  conditions: z.array(conditionSchema).length(GATE_CONDITIONS.length),
})
export type GateResult = z.infer<typeof gateResultSchema>

/** `release/waivers/…`: somebody answers for letting a condition be exceeded, for a while. */
export const waiverSchema = z.strictObject({
  metric: z.literal('PSI'),
  endpoint: z.string(),
  by: z.string().min(1).max(100),
  why: z.string().min(1).max(1000),
  from: z.int(),
  until: z.int(),
})
export type Waiver = z.infer<typeof waiverSchema>

import { z } from 'zod'
import { deployedVariantSchema } from './deployment.ts'
import { servedSchema } from './history.ts'
import { TARGETS } from './features.ts'

/** Longest wait between two steps of a guarded update, in seconds: SageMaker's. */
const MOST_WAIT = 3600
const wait = z.int().min(0).max(MOST_WAIT)
const bake = z
  .int()
  .min(0)
  .max(7 * 86_400)

/**
 * How a release takes the traffic over. `all-at-once`, `canary` and `linear` are SageMaker's deployment guardrails, watched by
 * alarms; `ab` gives the candidate a growing share of the weights, and `shadow` copies of the requests, and both go on only
 * when what the candidate said has been compared with what happened.
 */
export const strategySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all-at-once'), wait_seconds: wait }),
  z.strictObject({
    type: z.literal('canary'),
    canary_percent: z.int().min(1).max(50),
    wait_seconds: wait,
  }),
  z.strictObject({
    type: z.literal('linear'),
    step_percent: z.int().min(10).max(50),
    wait_seconds: wait,
  }),
  z.strictObject({
    type: z.literal('ab'),
    /** Shares of the candidate in per cent, growing; the last is 100. */
    ramp: z
      .array(z.int().min(1).max(100))
      .min(1)
      .refine((ramp) => ramp.every((share, i) => share > (ramp[i - 1] ?? 0)), 'the shares of a ramp grow')
      .refine((ramp) => ramp.at(-1) === 100, 'a ramp ends at 100'),
    bake_seconds: bake,
    max_wait_seconds: bake,
  }),
  z.strictObject({ type: z.literal('shadow'), bake_seconds: bake, max_wait_seconds: bake }),
])
export type Strategy = z.infer<typeof strategySchema>

/** Variants of an A/B. */
export const BASELINE = 'Baseline'
export const CANDIDATE = 'Candidate'
/** The variant of an endpoint that has only one. */
export const ONLY_VARIANT = 'AllTraffic'
/** The variant that gets copies of the requests. */
export const SHADOW = 'Shadow'

/** Where a release stands. It is written before what it names is done: whoever finds it goes on from there. */
const PHASES = ['acting', 'baking', 'finishing', 'reverting', 'done', 'rolled_back', 'failed'] as const

/** One endpoint of a release. */
export const releaseEndpointSchema = z.strictObject({
  endpoint: z.string(),
  target: z.enum(TARGETS),
  /** What served when the release began, and serves again when it is rolled back; null for an endpoint that is new. */
  from: servedSchema.nullable(),
  /** Without its weight: that is the step's. */
  candidate: deployedVariantSchema.omit({ variant: true, weight: true }),
  /** An endpoint config that is there already for the candidate alone; null makes a fresh one. */
  existing_config: z.string().nullable(),
  instance_type: z.string(),
  capture_percent: z.number(),
  /** What the endpoint said was its last change when the step's update was about to be called; null before. */
  changed_before: z.int().nullable(),
  /** The step's update was called. */
  called: z.boolean(),
})
export type ReleaseEndpoint = z.infer<typeof releaseEndpointSchema>

/** `releases/ID.json`: a promotion or a rollback, from the first intent to its end. */
export const releaseSchema = z.strictObject({
  release_version: z.literal(1),
  id: z.string(),
  kind: z.enum(['promote', 'rollback']),
  city: z.string(),
  by: z.string(),
  why: z.string(),
  strategy: strategySchema,
  endpoints: z.array(releaseEndpointSchema).min(1),
  /** Alarms that take a guarded update back. */
  alarms: z.array(z.string()),
  phase: z.enum(PHASES),
  /** Index into the steps of the strategy, and since when it is being done or watched. */
  step: z.int().nonnegative(),
  since: z.int(),
  /** Why it goes, or went, back. */
  reason: z.string().nullable(),
  timeline: z.array(z.strictObject({ at: z.int(), what: z.string() })),
})
export type Release = z.infer<typeof releaseSchema>

import { z } from 'zod'
import {
  constraintsSchema,
  planObjectiveSchema,
  planSchema,
  planScoreSchema,
  planSettingsSchema,
} from '../plan.ts'

/** One line of the list of plans: what a plan is for, what it came to, and its score when there is one. */
export const planListedSchema = planSchema
  .pick({
    id: true,
    made_at: true,
    at: true,
    horizon_ends_at: true,
    state: true,
    events: true,
    no_plan_reason: true,
    objective: true,
    solver: true,
  })
  .extend({
    /** Routes, stops and bikes moved, over all trucks. */
    trucks: z.int(),
    stops: z.int(),
    bikes: z.int(),
    greedy_objective: planObjectiveSchema,
    score: planScoreSchema.nullable(),
  })
export type PlanListed = z.infer<typeof planListedSchema>

/** The newest first, at most a hundred. */
export const plansSchema = z.strictObject({ timezone: z.string(), plans: z.array(planListedSchema) })

export const planViewSchema = z.strictObject({ plan: planSchema, score: planScoreSchema.nullable() })

/** What a plan is asked for with; what is left out is as the settings say. A search takes a minute at most. */
export const planRequestSchema = planSettingsSchema
  .pick({ trucks: true, capacity: true, shift_minutes: true, horizon_minutes: true })
  .extend({ time_limit_seconds: z.number().positive().max(60) })
  .partial()

/** What an operator set, and the tag that `If-Match` must name when it is set anew; null before it was ever set. */
export const constraintsViewSchema = z.strictObject({
  constraints: constraintsSchema,
  etag: z.string().nullable(),
})

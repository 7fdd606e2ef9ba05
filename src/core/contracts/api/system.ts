import { z } from 'zod'
import { asOfSchema, chartSchema, figureSchema, momentSchema, stageSchema, targetSchema } from './common.ts'

export const alarmSchema = z.strictObject({
  name: z.string(),
  severity: z.enum(['warn', 'crit']),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  since: momentSchema,
  /** In words: `ModelLatency p95 > 200,000 for 3 of 3 periods of 5 min`. */
  condition: z.string(),
  /** Anchor in docs/runbook.md; null for an alarm of nobody's table. */
  runbook: z.string().nullable(),
  silence: z.strictObject({ by: z.string(), why: z.string(), until: momentSchema }).nullable(),
})
export type Alarm = z.infer<typeof alarmSchema>

export const systemHealthSchema = z.strictObject({
  as_of: asOfSchema,
  /** In words, what is late or wrong; empty when all is well. */
  late: z.array(z.string()),
  feed: z.strictObject({
    /** Seconds since the newest snapshot. */
    age_seconds: figureSchema,
    /** Share of snapshots of the day that were in the lake within 3 minutes, and the objective. */
    ingest_slo: figureSchema,
    ingest_objective: z.number(),
    coverage: figureSchema,
    quarantined: z.int().nullable(),
    frozen_stations: figureSchema,
    gaps: z.array(z.strictObject({ from: momentSchema, to: momentSchema, cause: z.string() })),
  }),
  endpoints: z.array(
    z.strictObject({
      endpoint: z.string(),
      stage: stageSchema,
      target: targetSchema,
      status: z.string(),
      batches_24h: z.int(),
      batches_due: z.int(),
      /** Of the slowest hour of the last 24 and the slowest variant, as the gate judges it; milliseconds. */
      latency_p50_ms: figureSchema,
      latency_p95_ms: figureSchema,
      latency_p99_ms: figureSchema,
      invocations: figureSchema,
      errors_4xx: figureSchema,
      errors_5xx: figureSchema,
    }),
  ),
  /** Of the month: what the objective allows, and what is used of it. */
  budget: z.array(
    z.strictObject({
      name: z.string(),
      objective: z.number(),
      value: figureSchema,
      /** Share of the error budget that is left; negative when overdrawn. */
      left: figureSchema,
    }),
  ),
  alarms: z.array(alarmSchema),
  alarm_history: z.array(
    z.strictObject({
      at: momentSchema,
      name: z.string(),
      from: z.string().nullable(),
      to: z.string(),
      reason: z.string(),
    }),
  ),
  jobs: z.array(
    z.strictObject({
      name: z.string(),
      last_at: momentSchema.nullable(),
      last_ok: z.boolean().nullable(),
      next_at: momentSchema.nullable(),
      late: z.boolean(),
      error: z.string().nullable(),
    }),
  ),
  scheduler: z.string(),
  cost: z
    .strictObject({
      /** `local` costs nothing by the hour: what it uses is listed all the same. */
      currency: z.string(),
      month: figureSchema,
      lines: z.array(z.strictObject({ item: z.string(), quantity: z.string(), month: figureSchema })),
    })
    .nullable(),
  /** Bytes on disk by part of the lake. */
  storage: z.array(z.strictObject({ part: z.string(), bytes: z.number() })),
  charts: z.array(chartSchema),
})
export type SystemHealth = z.infer<typeof systemHealthSchema>

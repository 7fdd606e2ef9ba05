import { z } from 'zod'
import { TARGETS } from './features.ts'
import { deployedVariantSchema } from './deployment.ts'

/** What an endpoint serves: its endpoint config and the variants, with the weights they have. */
export const servedSchema = z.strictObject({
  endpoint_config: z.string(),
  variants: z.array(deployedVariantSchema).min(1),
})
export type Served = z.infer<typeof servedSchema>

/** One change of what an endpoint serves; null is an endpoint that is not there. */
export const changeSchema = z.strictObject({
  endpoint: z.string(),
  city: z.string(),
  target: z.enum(TARGETS),
  action: z.enum(['deploy', 'scale', 'promote', 'ramp', 'rollback', 'stop', 'start', 'delete']),
  /** When it began to serve, epoch seconds. */
  at: z.int(),
  by: z.string().min(1),
  why: z.string(),
  from: servedSchema.nullable(),
  to: servedSchema.nullable(),
})
export type Change = z.infer<typeof changeSchema>

/**
 * One line of the history: a change, its number, and the sha256 over itself (without `hash`) in canonical JSON. `previous` is
 * the hash of the line before it, so that no line can be altered, removed, added or moved unseen.
 */
export const historyEntrySchema = z.strictObject({
  seq: z.int().positive(),
  ...changeSchema.shape,
  previous: z.string(),
  hash: z.string(),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

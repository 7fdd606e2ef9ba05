import { z } from 'zod'
import { TARGETS } from './features.ts'

/**
 * `rollback`: a release ended taken back, or somebody rolled back. `silent-rollback`: the endpoint host took a release back
 * by itself, and said InService. `alarm`: a critical alarm, or a warning that stood for over two hours. `by-hand`: somebody
 * saw something.
 */
export const INCIDENT_KINDS = ['rollback', 'silent-rollback', 'alarm', 'by-hand'] as const
export type IncidentKind = (typeof INCIDENT_KINDS)[number]

/** What making a baseline anew came to. */
export const refreshedSchema = z.strictObject({
  baseline: z.enum(['quality', 'drift']),
  key: z.string(),
  /** sha256 of the file before and after; null where there is none. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Why it could not be made: what was there before stayed. */
  problem: z.string().nullable(),
})
export type Refreshed = z.infer<typeof refreshedSchema>

const refreshSchema = z.strictObject({
  at: z.int(),
  /** The models that serve again, and the baselines that were made anew for them. */
  models: z.array(
    z.strictObject({
      endpoint: z.string(),
      target: z.enum(TARGETS),
      group: z.string(),
      model_version: z.string(),
      baselines: z.array(refreshedSchema),
    }),
  ),
})
export type Refresh = z.infer<typeof refreshSchema>

const text = z.string().min(1)
const noteSchema = z.strictObject({ at: z.int(), by: text, text })

/** `incidents/ID/incident.json`: what is typed or decided. Everything else of an incident is read from the lake's records. */
export const incidentSchema = z.strictObject({
  incident_version: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  kind: z.enum(INCIDENT_KINDS),
  city: z.string(),
  /** The endpoint that it is about; those of its release besides. */
  endpoint: z.string(),
  title: text,
  why: z.string(),
  by: text,
  /** When what it is about began. */
  began: z.int(),
  opened_at: z.int(),
  release_id: z.string().nullable(),
  alarm: z.string().nullable(),
  notes: z.array(noteSchema),
  /** Baselines made anew because a candidate was rejected; null when none was, or not yet. */
  refresh: refreshSchema.nullable(),
  closed: z.strictObject({ at: z.int(), by: text, cause: text }).nullable(),
})
export type Incident = z.infer<typeof incidentSchema>

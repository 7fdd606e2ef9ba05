import { z } from 'zod'
import { gateResultSchema, waiverSchema } from '../gate.ts'
import { historyEntrySchema, servedSchema } from '../history.ts'
import { incidentSchema } from '../incident.ts'
import { releaseSchema, strategySchema } from '../release.ts'
import { asOfSchema, chartSchema, figureSchema, momentSchema, stageSchema, targetSchema } from './common.ts'

/** An endpoint and what it serves at the moment that is shown. */
const servingSchema = z.strictObject({
  endpoint: z.string(),
  stage: stageSchema,
  target: targetSchema,
  serves: servedSchema.nullable(),
  since: momentSchema.nullable(),
  by: z.string().nullable(),
})

/** What a running release has found so far, by endpoint. */
const analysisSchema = z.strictObject({
  endpoint: z.string(),
  variant: z.string(),
  /** Share of the traffic that the candidate has now. */
  share: figureSchema,
  samples: z.int(),
  /** How strongly the outcomes speak against the candidate, and from where it is taken back. */
  evidence: figureSchema,
  evidence_bound: figureSchema,
  invalid: z.int(),
  says: z.string(),
})

export const releasesSchema = z.strictObject({
  as_of: asOfSchema,
  serving: z.array(servingSchema),
  /** The release that is under way; null when none is. */
  active: releaseSchema.nullable(),
  analysis: z.array(analysisSchema),
  /** Newest first. */
  recent: z.array(releaseSchema),
  /** Newest first: every change of what serves until the moment that is shown. */
  history: z.array(historyEntrySchema),
  /** Lines of the history that do not follow from the one before: somebody altered it. */
  history_broken: z.string().nullable(),
  incidents: z.array(incidentSchema),
  waivers: z.array(waiverSchema),
})
export type Releases = z.infer<typeof releasesSchema>

export const gateSchema = z.strictObject({ as_of: asOfSchema, results: z.array(gateResultSchema) })
export type GateView = z.infer<typeof gateSchema>

export const incidentViewSchema = z.strictObject({
  as_of: asOfSchema,
  incident: incidentSchema,
  /** What happened around it, oldest first. */
  timeline: z.array(z.strictObject({ at: momentSchema, what: z.string() })),
  charts: z.array(chartSchema),
})
export type IncidentView = z.infer<typeof incidentViewSchema>

/** Whom it concerns: an action names one target, or both together. */
const targetsSchema = z.enum(['bikes', 'docks', 'both']).default('both')
const why = z.string().min(1).max(1000)

/** What an operator may do, by name. Each names its reason; who did it is the name of the token. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('promote'), target: targetsSchema, strategy: strategySchema, why }),
  z.strictObject({ action: z.literal('rollback'), target: targetsSchema, why }),
  /** To the next step of an A/B's ramp, before its time. */
  z.strictObject({ action: z.literal('ramp'), why }),
  z.strictObject({
    action: z.literal('waive'),
    endpoint: z.string(),
    metric: z.literal('PSI'),
    hours: z.int().min(1).max(168),
    why,
  }),
  z.strictObject({ action: z.literal('silence'), alarm: z.string(), hours: z.int().min(1).max(168), why }),
  z.strictObject({ action: z.literal('incident-note'), id: z.string(), text: why }),
  z.strictObject({ action: z.literal('incident-close'), id: z.string(), cause: why }),
])
export type Action = z.infer<typeof actionSchema>

/** What an action would change, in words, before it is confirmed; `confirm` goes back with it. */
export const actionPreviewSchema = z.strictObject({
  action: z.string(),
  /** The same by the command line. */
  command: z.string(),
  /** What will change, line by line. */
  changes: z.array(z.string()),
  /** Why it would be refused now; null when it would be taken. */
  refused: z.string().nullable(),
  /** Names the state that was looked at: an action on another state is refused. */
  confirm: z.string(),
})
export type ActionPreview = z.infer<typeof actionPreviewSchema>

export const actionRequestSchema = z.strictObject({ act: actionSchema, confirm: z.string().max(200) })
export const actionResultSchema = z.strictObject({ done: z.string(), by: z.string(), at: momentSchema })
export type ActionResult = z.infer<typeof actionResultSchema>

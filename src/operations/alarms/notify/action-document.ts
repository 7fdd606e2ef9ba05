import { z } from 'zod'
import type { AlarmHistoryItem, StateValue } from '../../../core/contracts/cloudwatch.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { isoOf, type EpochSeconds } from '../../../core/time.ts'
import { rowOf } from '../alarm-table.ts'

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const
const ID_DIGITS = 32

/** What a webhook, a mail or a command is given: one change of one alarm's state. */
export const actionDocumentSchema = z.strictObject({
  version: z.literal(1),
  /** The same change always has the same id: whoever gets it twice may drop the second. */
  id: z.string(),
  kind: z.enum(['alarm', 'test']),
  city: z.string(),
  alarm: z.string(),
  /** Of the alarm. */
  severity: z.enum(['warn', 'crit']),
  /** Of this change: `critical` or `warning` for ALARM by its severity, `warning` for missing data, `ok`. */
  level: z.enum(['critical', 'warning', 'ok']),
  state: z.enum(STATES),
  previous_state: z.enum(STATES),
  reason: z.string(),
  /** When the state changed: ISO 8601, and epoch seconds. */
  at: z.string(),
  timestamp: z.int(),
  /** What the alarm means. */
  description: z.string(),
  /** Where to look it up; null for an alarm that is not from the table. */
  runbook: z.string().nullable(),
})
export type ActionDocument = z.infer<typeof actionDocumentSchema>

/** The document of a change of state; undefined for an item that is none. */
export function actionDocument(city: string, item: AlarmHistoryItem): ActionDocument | undefined {
  const { from, to, reason } = item.HistoryData
  if (item.HistoryItemType !== 'StateUpdate' || !isState(from) || !isState(to)) return undefined
  return documentOf({
    city,
    alarm: item.AlarmName,
    kind: 'alarm',
    from,
    to,
    reason: typeof reason === 'string' ? reason : item.HistorySummary,
    timestamp: item.Timestamp,
  })
}

/** A document that only tries the way. */
export function testDocument(city: string, alarm: string, now: EpochSeconds): ActionDocument {
  return documentOf({
    city,
    alarm,
    kind: 'test',
    from: 'OK',
    to: 'ALARM',
    reason: 'A test of the alarm’s actions: nothing has happened.',
    timestamp: now,
  })
}

function documentOf(facts: {
  readonly city: string
  readonly alarm: string
  readonly kind: 'alarm' | 'test'
  readonly from: StateValue
  readonly to: StateValue
  readonly reason: string
  readonly timestamp: EpochSeconds
}): ActionDocument {
  const { city, alarm, kind, from, to, reason, timestamp } = facts
  const row = rowOf(alarm)
  const severity = row?.severity ?? 'warn'
  return {
    version: 1,
    id: sha256(canonicalJson(facts)).slice(0, ID_DIGITS),
    kind,
    city,
    alarm,
    severity,
    level: to === 'OK' ? 'ok' : to === 'ALARM' && severity === 'crit' ? 'critical' : 'warning',
    state: to,
    previous_state: from,
    reason,
    at: isoOf(timestamp),
    timestamp,
    description: row?.what ?? '',
    runbook: row ? `docs/runbook.md#${row.runbook}` : null,
  }
}

function isState(value: unknown): value is StateValue {
  return STATES.some((state) => state === value)
}

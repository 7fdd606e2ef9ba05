import { z } from 'zod'
import type {
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
  StateValue,
} from '../../../core/contracts/cloudwatch.ts'
import { isOperatorError, messageOf, OperatorError } from '../../../core/errors.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'
import { historyKey, writeHistory, type HistoryBatch } from './history-files.ts'

/** Every alarm, its state, and the newest lines of history. */
export const ALARMS_KEY = 'alarms/alarms.json'

/** An alarm's state, since when, and who set it; one that was made by `creation` was never evaluated. */
export interface AlarmState {
  readonly value: StateValue
  readonly reason: string
  readonly since: EpochSeconds
  readonly by: 'creation' | 'evaluation' | 'hand'
}

/** An alarm as it is kept. */
export interface AlarmRecord {
  readonly alarm: MetricAlarm | CompositeAlarm
  readonly state: AlarmState
}

/**
 * `alarms/alarms.json`. States and what history says of them are written as one, so that neither can be without the other:
 * `last` is the newest batch of history, which may not be in its own file yet.
 */
export interface AlarmDocument {
  readonly alarms: Readonly<Record<string, AlarmRecord>>
  /** Batches of history written so far. */
  readonly sequence: number
  readonly last: HistoryBatch | null
}

const stateSchema = z.strictObject({
  value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  since: z.int(),
  by: z.enum(['creation', 'evaluation', 'hand']),
})
const documentSchema = z.strictObject({
  // What is under `alarm` and in a batch was checked when it was put.
  alarms: z.record(
    z.string(),
    z.strictObject({ alarm: z.looseObject({ AlarmName: z.string() }), state: stateSchema }),
  ),
  sequence: z.int().nonnegative(),
  last: z.strictObject({ key: z.string(), items: z.array(z.looseObject({ Timestamp: z.int() })) }).nullable(),
})

/** Another writer may come between reading and writing this often. */
const MAX_TRIES = 8

const EMPTY: AlarmDocument = { alarms: {}, sequence: 0, last: null }

/** The document, and the tag to replace it by; empty when there is none. CORRUPT when it is damaged. */
export async function readAlarms(
  store: ObjectStore,
): Promise<{ document: AlarmDocument; etag: string | undefined }> {
  const stored = await store.get(ALARMS_KEY)
  if (!stored) return { document: EMPTY, etag: undefined }
  let parsed
  let why
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(stored.body))
    parsed = documentSchema.safeParse(value)
    why = parsed.success ? undefined : z.prettifyError(parsed.error)
  } catch (error) {
    why = messageOf(error)
  }
  if (!parsed?.success)
    throw new OperatorError(
      'CORRUPT',
      `${ALARMS_KEY} is damaged: ${why}`,
      'Delete the file: the next synchronisation puts the alarms anew; their history stays.',
    )
  return { document: parsed.data as unknown as AlarmDocument, etag: stored.etag }
}

/** What is to change: alarms by name (undefined deletes one), and what history says of it, all of one moment. */
export interface Change {
  readonly alarms: Readonly<Record<string, AlarmRecord | undefined>>
  readonly items: readonly AlarmHistoryItem[]
}

/**
 * Changes the document, once, whoever else writes: `edit` is asked again when the document was replaced meanwhile. Killed at
 * any moment, states and history agree as soon as somebody reads.
 */
export async function changeAlarms(
  store: ObjectStore,
  edit: (document: AlarmDocument) => Change | undefined | Promise<Change | undefined>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { document, etag } = await readAlarms(store)
    // A writer that was killed may have left it; its place in the document is taken by the next.
    if (document.last) await writeHistory(store, document.last)
    const change = await edit(document)
    if (!change) return
    const next = apply(document, change)
    try {
      await store.put(
        ALARMS_KEY,
        `${JSON.stringify(next)}\n`,
        etag === undefined ? { ifAbsent: true } : { ifMatch: etag },
      )
    } catch (error) {
      if (!isOperatorError(error, 'WRITE_CONFLICT') || tries >= MAX_TRIES) throw error
      continue
    }
    if (next.last && next.last !== document.last) await writeHistory(store, next.last)
    return
  }
}

function apply(document: AlarmDocument, { alarms, items }: Change): AlarmDocument {
  const kept = Object.entries({ ...document.alarms, ...alarms }).filter(
    (entry): entry is [string, AlarmRecord] => entry[1] !== undefined,
  )
  const [first] = items
  const sequence = document.sequence + (first ? 1 : 0)
  return {
    alarms: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
    sequence,
    last: first ? { key: historyKey(first.Timestamp, sequence), items } : document.last,
  }
}

import { z } from 'zod'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { actionDocumentSchema, type ActionDocument } from './action-document.ts'

const OUTBOX_KEY = 'alarms/actions/outbox.json'

const outboxSchema = z.strictObject({
  /** History before this was never looked at. */
  since: z.int(),
  /** Time of the newest change that was looked at. */
  newest: z.int(),
  /** Ids of the changes that were looked at, with their times, as far back as the history is read again. */
  seen: z.record(z.string(), z.int()),
  /** What was last told of an alarm, where that was not OK. */
  told: z.record(z.string(), z.enum(['ALARM', 'INSUFFICIENT_DATA'])),
  /** The newest change of each alarm whose actions are silenced. */
  held: z.record(z.string(), actionDocumentSchema),
  /** What is to be delivered, in order, and the channels that have not taken it. */
  queue: z.array(z.strictObject({ document: actionDocumentSchema, left: z.array(z.string()) })),
})

/** What is still to be told, `alarms/actions/outbox.json`. */
export type Outbox = z.infer<typeof outboxSchema>

/** The outbox, and the tag to replace it by; a new one looks back an hour. CORRUPT when it is damaged. */
export async function readOutbox(
  store: ObjectStore,
  now: EpochSeconds,
): Promise<{ outbox: Outbox; etag: string | undefined }> {
  const stored = await store.get(OUTBOX_KEY)
  if (!stored) {
    const since = now - 3600
    return { outbox: { since, newest: since, seen: {}, told: {}, held: {}, queue: [] }, etag: undefined }
  }
  try {
    return {
      outbox: outboxSchema.parse(JSON.parse(new TextDecoder().decode(stored.body))),
      etag: stored.etag,
    }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${OUTBOX_KEY} is damaged: ${messageOf(error)}`,
      'Delete the file: what was not delivered in the last hour is sent again.',
      error,
    )
  }
}

/** Writes the outbox over the one that was read, one write after the other. WRITE_CONFLICT when another sender is at work. */
export function outboxWriter(
  store: ObjectStore,
  etag: string | undefined,
): (outbox: Outbox) => Promise<void> {
  let current = etag
  let last: Promise<void> = Promise.resolve()
  const put = async (body: string, before: Promise<void>): Promise<void> => {
    await before.catch(() => {})
    const condition = current === undefined ? { ifAbsent: true } : { ifMatch: current }
    current = (await store.put(OUTBOX_KEY, body, condition)).etag
  }
  return (outbox) => {
    last = put(`${JSON.stringify(outbox)}\n`, last)
    return last
  }
}

/** Takes a change of state into the outbox: to be delivered, to be held while it is silenced, or not worth telling. */
export function takeIn(
  outbox: Outbox,
  document: ActionDocument,
  { silenced, channels }: { readonly silenced: boolean; readonly channels: readonly string[] },
): 'queued' | 'held' | 'passed' {
  const { alarm, state } = document
  if (silenced) {
    outbox.held[alarm] = document
    return 'held'
  }
  delete outbox.held[alarm]
  const told = outbox.told[alarm]
  // That all is well is news only to somebody who was told that it is not.
  if (state === 'OK' ? told === undefined : told === state) return 'passed'
  if (state === 'OK') delete outbox.told[alarm]
  else outbox.told[alarm] = state
  if (channels.length === 0) return 'passed'
  outbox.queue.push({ document, left: [...channels] })
  return 'queued'
}

import { messageOf } from '../../../core/errors.ts'
import type { ActionDocument } from './action-document.ts'
import { type Channel, SendFailure } from './channel.ts'

/** Lets time pass; tests pass one that does not. */
export type Wait = (ms: number) => Promise<unknown>

const FIRST_WAIT_MS = 500

/** How an attempt to deliver ended; `error` is null when the document was taken. */
export interface Delivery {
  readonly tries: number
  readonly error: string | null
}

/** Sends a document, and again up to `retries` times with doubled pauses where that may help. Never rejects. */
export async function deliver(
  channel: Channel,
  document: ActionDocument,
  { retries, wait }: { readonly retries: number; readonly wait: Wait },
): Promise<Delivery> {
  for (let tries = 1; ; tries += 1) {
    try {
      await channel.send(document)
      return { tries, error: null }
    } catch (error) {
      const soon = error instanceof SendFailure && error.soon
      // Another error is ours: its text may hold anything.
      const told = error instanceof SendFailure ? messageOf(error) : 'an unexpected failure'
      if (!soon || tries > retries) return { tries, error: told }
      await wait(FIRST_WAIT_MS * 2 ** (tries - 1))
    }
  }
}

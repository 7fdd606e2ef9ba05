import type { ActionDocument } from './action-document.ts'

export type ChannelName = 'webhook' | 'mail' | 'command' | 'sns'

/** A way to tell somebody. */
export interface Channel {
  readonly name: ChannelName
  /** Where it leads, without anything secret. */
  readonly target: string
  /**
   * Delivers a document: resolves once the other side has taken it, rejects with SendFailure. It ends within the timeout of
   * the settings, whatever the other side does.
   */
  send(document: ActionDocument): Promise<void>
}

/** A document that was not taken; the message holds no secret. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure'
  /** Whether trying again in a moment may help. A timeout is not tried again at once: it would hold up everything else. */
  readonly soon: boolean

  constructor(message: string, soon: boolean) {
    super(message)
    this.soon = soon
  }
}

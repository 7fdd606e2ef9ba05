import { InvokeError } from '../../ports.ts'

/** How a request ended, for the metrics: a refusal is one of Invocation4XXErrors, a failure one of Invocation5XXErrors. */
export type CallEnding = 'answered' | 'refused' | 'failed'

/** How a request ended that was not answered. Of what the model said, its own status counts, not the 424 around it. */
export function endingOf(error: unknown): CallEnding {
  if (!(error instanceof InvokeError)) return 'failed'
  return (error.original?.status ?? error.status) < 500 ? 'refused' : 'failed'
}

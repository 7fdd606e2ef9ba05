import { setTimeout as sleep } from 'node:timers/promises'

/** A job whose signal is aborted gets this long to end, in seconds. */
const GRACE_SECONDS = 10

/** How work with a time limit went. `late` goes on somewhere: `ended` says how, once it has. */
export type Limited<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late'; readonly ended: Promise<Limited<T>> }

/**
 * Runs `work` for at most `seconds`; then its signal is aborted, and what does not end by that within `grace` seconds is
 * left to itself. Aborting `signal` breaks it off as well, but is waited for.
 */
export async function runWithin<T>(
  work: (signal: AbortSignal) => Promise<T>,
  o: { readonly seconds: number; readonly grace?: number; readonly signal: AbortSignal },
): Promise<Limited<T>> {
  const limit = new AbortController()
  const over = new AbortController()
  const ended = work(AbortSignal.any([o.signal, limit.signal])).then(
    (value): Limited<T> => ({ kind: 'done', value }),
    (error: unknown): Limited<T> => ({ kind: 'failed', error }),
  )
  const lateness = async (): Promise<Limited<T>> => {
    await sleep(o.seconds * 1000, undefined, { signal: over.signal })
    limit.abort(new Error(`it took longer than ${o.seconds} s`))
    await sleep((o.grace ?? GRACE_SECONDS) * 1000, undefined, { signal: over.signal })
    return { kind: 'late', ended }
  }
  const late = lateness()
  // Cut short when the work ends in time.
  late.catch(() => {})
  try {
    const result = await Promise.race([ended, late])
    const isOverdue = limit.signal.aborted && result.kind === 'failed'
    return isOverdue ? { kind: 'late', ended } : result
  } finally {
    over.abort()
  }
}

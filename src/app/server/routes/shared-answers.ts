/** Answers that are the same for everyone who asks the same within a moment: computed once. */
export interface SharedAnswers {
  /** The answer under a key: the one under way or just made, else a new one. A failure is nobody else's. */
  of(key: string, make: () => Promise<string>): Promise<string>
  /** Forgets all: something has changed. */
  clear(): void
}

/** Characters that are kept at most, over all answers. */
const MOST_CHARACTERS = 64 * 1024 * 1024

/** Keeps each answer for `forMs` milliseconds. */
export function shareAnswers(o: { readonly elapsedMs: () => number; readonly forMs: number }): SharedAnswers {
  let kept = new Map<string, { readonly until: number; readonly answer: Promise<string> }>()
  let size = 0
  const sweep = (now: number): void => {
    for (const [key, { until }] of kept) if (until <= now) kept.delete(key)
  }
  return {
    of(key, make) {
      const now = o.elapsedMs()
      const known = kept.get(key)
      if (known && known.until > now) return known.answer
      sweep(now)
      if (kept.size === 0) size = 0
      const answer = make()
      const entries = kept
      // While it is being made it is shared for as long as that takes; its time begins when it is there.
      entries.set(key, { until: Number.POSITIVE_INFINITY, answer })
      const settle = async (): Promise<void> => {
        const made = await answer.catch(() => undefined)
        if (entries.get(key)?.answer !== answer) return
        size += made?.length ?? 0
        if (made === undefined) entries.delete(key)
        else if (size > MOST_CHARACTERS) entries.clear()
        else entries.set(key, { until: o.elapsedMs() + o.forMs, answer })
      }
      void settle()
      return answer
    },
    clear() {
      kept = new Map()
      size = 0
    },
  }
}

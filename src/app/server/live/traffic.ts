import { setTimeout as sleep } from 'node:timers/promises'

/** Requests that are under way. */
export interface Traffic {
  /** Runs what answers a request. */
  during<T>(answer: () => Promise<T>): Promise<T>
  /** Ends when nobody has been waiting for an answer for a moment, or has not let go for long; at once when `signal` aborts. */
  pause(signal: AbortSignal): Promise<void>
}

/** Nobody asks for so long, in milliseconds: then there is time for other work. */
const PAUSE_MS = 100
/** Pages that ask all the time keep other work back no longer than this. */
const PATIENCE_MS = 3000

export function openTraffic(elapsedMs: () => number): Traffic {
  let underWay = 0
  let last = -Infinity
  return {
    async during(answer) {
      underWay += 1
      try {
        return await answer()
      } finally {
        underWay -= 1
        last = elapsedMs()
      }
    },
    async pause(signal) {
      const isBusy = (): boolean => underWay > 0 || elapsedMs() - last < PAUSE_MS
      for (let waited = 0; waited < PATIENCE_MS && isBusy() && !signal.aborted; waited += PAUSE_MS / 2)
        await sleep(PAUSE_MS / 2, undefined, { signal }).catch(() => {})
    },
  }
}

import { OperatorError } from '../../../core/errors.ts'
import { Refusal } from '../http/problem.ts'

/** One at a time, the others wait in turn. */
export interface Queue {
  /** Runs when it is its turn. 503 when too many wait; CANCELLED when `signal` aborts before its turn. */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>
}

export function openQueue(mostWaiting: number): Queue {
  let last: Promise<unknown> = Promise.resolve()
  let inside = 0
  return {
    async run(signal, task) {
      if (inside > mostWaiting)
        throw new Refusal(
          503,
          'UNAVAILABLE',
          `${inside} plans are asked for already`,
          'Wait for one of them.',
        )
      inside += 1
      const turn = last.then(() => {
        if (signal.aborted) throw new OperatorError('CANCELLED', 'nobody waits for this plan any more')
        return task()
      })
      last = turn.catch(() => {})
      try {
        return await turn
      } finally {
        inside -= 1
      }
    },
  }
}

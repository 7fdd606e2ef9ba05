import { Worker } from 'node:worker_threads'
import { entryPoint } from '../../core/entry-point.ts'
import { OperatorError } from '../../core/errors.ts'
import type { SearchOrder, SearchResult } from './search.ts'
import type { SearchNews } from './search-worker.ts'

/** How a search ended: by itself, at the limit, or broken; with the best that it found till then. */
export interface SearchEnd {
  readonly ended: 'done' | 'timeout' | 'failed'
  readonly message: string | null
  readonly result: SearchResult | undefined
}

/** Starts the thread of a search. */
export type StartSearch = (order: SearchOrder) => Worker

/** A real worker thread. */
export const startSearchThread: StartSearch = (order) => {
  const { thread } = entryPoint('search-worker', import.meta.url)
  return new Worker(thread.module, { argv: thread.argv, workerData: order, execArgv: [] })
}

/**
 * Searches in a thread of its own, so that nothing else waits. After the time limit the thread is ended, whatever it does, and
 * what it had found till then counts. CANCELLED when `signal` is aborted.
 */
export async function searchInThread(
  order: SearchOrder,
  o: { readonly signal?: AbortSignal; readonly start?: StartSearch } = {},
): Promise<SearchEnd> {
  if (o.signal?.aborted === true) throw cancelled()
  const worker = (o.start ?? startSearchThread)(order)
  let result: SearchResult | undefined
  let stop: (() => void) | undefined
  try {
    return await new Promise<SearchEnd>((resolve, reject) => {
      const timer = setTimeout(
        () => resolve({ ended: 'timeout', message: null, result }),
        order.timeLimitSeconds * 1000,
      )
      const onAbort = (): void => reject(cancelled())
      o.signal?.addEventListener('abort', onAbort, { once: true })
      stop = () => {
        clearTimeout(timer)
        o.signal?.removeEventListener('abort', onAbort)
      }
      // What was said before a thread broke is handed over before its exit, but not before its error.
      let death: string | undefined
      const failed = (message: string): void => resolve({ ended: 'failed', message, result })
      worker.on('message', (news: SearchNews) => {
        if (news.is === 'failed') return failed(news.message)
        result = news.result
        if (news.is === 'done') resolve({ ended: 'done', message: null, result })
      })
      worker.on('error', (error: unknown) => {
        death = error instanceof Error ? error.message : String(error)
      })
      worker.on('exit', (code) => failed(death ?? `the searching thread ended with code ${code}`))
    })
  } finally {
    stop?.()
    await worker.terminate()
  }
}

const cancelled = (): OperatorError => new OperatorError('CANCELLED', 'the search for a plan was stopped')

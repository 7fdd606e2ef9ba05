import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../../core/errors.ts'
import { searchRoutes, type SearchOrder, type SearchResult } from './search.ts'

// The searching thread: one search, whose steps are posted as they come.

/** What the thread says. */
export type SearchNews =
  | { readonly is: 'found' | 'done'; readonly result: SearchResult }
  | { readonly is: 'failed'; readonly message: string }

const port = parentPort
if (!port) throw new Error('this module runs as a worker thread')

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const say = (news: SearchNews): void => port.postMessage(news)
try {
  const result = await searchRoutes(workerData as SearchOrder, (found) => say({ is: 'found', result: found }))
  say({ is: 'done', result })
} catch (error) {
  say({ is: 'failed', message: messageOf(error) })
}

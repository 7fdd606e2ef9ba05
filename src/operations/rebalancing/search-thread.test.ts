import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { assessedCity, SETTINGS } from '../../../test/support/assessed-city.ts'
import { buildProblem } from './build-problem.ts'
import { NO_CONSTRAINTS } from './constraints-store.ts'
import { searchInThread } from './search-thread.ts'
import type { SearchOrder } from './search.ts'
import { trucksOf } from './trucks.ts'

async function orderOf(timeLimitSeconds: number): Promise<SearchOrder> {
  const city = assessedCity(3, 16, SETTINGS.horizon_minutes)
  const { problem } = await buildProblem(city, trucksOf(SETTINGS, NO_CONSTRAINTS), SETTINGS, new Set())
  return { problem, timeLimitSeconds, seed: 1 }
}

/** A thread that runs `code` instead of the search. */
const thread = (code: string) => (): Worker => new Worker(code, { eval: true })
const FOUND = `require('worker_threads').parentPort.postMessage({ is: 'found', result: { value: 1 } });`

describe('a search in its thread', () => {
  it('ends by itself, and leaves the event loop free meanwhile', async () => {
    let turns = 0
    const turning = setInterval(() => turns++, 1)
    const end = await searchInThread(await orderOf(60))
    clearInterval(turning)
    expect(end).toMatchObject({ ended: 'done', message: null, result: { optimal: true } })
    expect(turns).toBeGreaterThan(10)
  })

  it('that hangs is ended at its limit, with what it had found', async () => {
    const end = await searchInThread(await orderOf(1), { start: thread(`${FOUND} for (;;) {}`) })
    expect(end).toEqual({ ended: 'timeout', message: null, result: { value: 1 } })
  })

  it('that breaks says why, with what it had found', async () => {
    const end = await searchInThread(await orderOf(60), {
      start: thread(`${FOUND} throw new Error('no memory')`),
    })
    expect(end).toMatchObject({ ended: 'failed', message: 'no memory', result: { value: 1 } })
  })

  it('that ends without a word has failed', async () => {
    const end = await searchInThread(await orderOf(60), { start: thread('process.exit(3)') })
    expect(end).toMatchObject({ ended: 'failed', result: undefined })
  })

  it('is stopped by its signal', async () => {
    const stop = new AbortController()
    const end = searchInThread(await orderOf(60), { signal: stop.signal, start: thread('for (;;) {}') })
    stop.abort()
    await expect(end).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

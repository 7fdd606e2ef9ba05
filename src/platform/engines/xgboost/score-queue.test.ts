import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextBatch, type ScoreJob } from './score-queue.ts'

const COLUMNS = 2

function job(model: number, values: readonly number[]): ScoreJob & { done: Promise<Float32Array> } {
  const rows = values.length
  const features = Float32Array.from(values.flatMap((v) => [v, Number.NaN]))
  const { promise, resolve, reject } = withResolvers<Float32Array>()
  return {
    model,
    columns: COLUMNS,
    features,
    rows,
    scores: new Float32Array(rows),
    packed: 0,
    resolve,
    reject,
    done: promise,
  }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Scores a row by its first value, as a model would by all. */
function drain(jobs: ScoreJob[], capacity: number): { model: number; rows: number }[] {
  const input = new Float32Array(capacity * COLUMNS)
  const batches: { model: number; rows: number }[] = []
  for (let batch = nextBatch(jobs, input); batch; batch = nextBatch(jobs, input)) {
    batches.push({ model: batch.model, rows: batch.rows })
    batch.finish(
      Float32Array.from({ length: batch.rows }, (_, i) => (input[i * COLUMNS] ?? 0) + 1000 * batch.model),
    )
  }
  return batches
}

describe('the queue of rows to score', () => {
  it('gives every request its own scores, in its order, whatever waits beside it', async () => {
    const requests = fc.array(
      fc.record({
        model: fc.integer({ min: 1, max: 3 }),
        values: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 9 }),
      }),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 1, max: 10 }), async (list, capacity) => {
        const jobs = list.map(({ model, values }) => job(model, values))
        const batches = drain([...jobs], capacity)
        expect(batches.every(({ rows }) => rows <= capacity)).toBe(true)
        for (const [i, { model, values }] of list.entries())
          expect([...((await jobs[i]?.done) ?? [])]).toEqual(values.map((v) => v + 1000 * model))
      }),
    )
  })

  it('scores requests of one model that wait together in one batch', () => {
    expect(drain([job(1, [1]), job(2, [2]), job(1, [3, 4])], 10)).toEqual([
      { model: 1, rows: 3 },
      { model: 2, rows: 1 },
    ])
  })

  it('lets a short request pass between the parts of a long one', () => {
    expect(drain([job(1, [1, 2, 3, 4, 5]), job(2, [6])], 2).map(({ model }) => model)).toEqual([1, 2, 1, 1])
  })

  it('refuses an infinite value by itself and scores the others', async () => {
    const good = job(1, [1])
    const bad = job(1, [2, -Infinity])
    drain([bad, good], 10)
    await expect(bad.done).rejects.toThrow('row 1, feature 0 is infinite')
    expect([...(await good.done)]).toEqual([1001])
  })

  it('fails the requests of a failed batch and keeps the rest', async () => {
    const first = job(1, [1, 2, 3])
    const other = job(2, [4])
    const jobs: ScoreJob[] = [first, other]
    nextBatch(jobs, new Float32Array(2 * COLUMNS))?.fail(new Error('gone'))
    await expect(first.done).rejects.toThrow('gone')
    expect(jobs).toEqual([other])
  })
})

import { describe, expect, it, onTestFinished } from 'vitest'
import { smallParams, someNames, syntheticRows } from '../../../test/support/boosted-model.ts'
import { openLocalPlatform } from '../../../test/support/local-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { RowBatch } from '../engines/xgboost/capi.ts'
import type { Column, RoundScore, TrainingJob } from '../ports.ts'
import { openTrainer } from './in-process-trainer.ts'

const COLUMNS = 6
const CHECKPOINT = 'training/j/checkpoint.json'

function columnsOf({ labels, features }: RowBatch, names = someNames(COLUMNS)): Column[] {
  const column = (c: number): Float32Array => labels.map((_, r) => features[r * COLUMNS + c] ?? Number.NaN)
  return [
    { name: 'y', type: 'FLOAT', values: labels },
    ...names.map((name, c) => ({ name, type: 'FLOAT' as const, values: column(c) })),
  ]
}

/** A trainer over a new lake that holds the files of one job. */
async function setUp(params = smallParams({ num_round: 60, nthread: 2 })) {
  const platform = await openLocalPlatform()
  onTestFinished(() => platform.close())
  const { store, warehouse, root } = platform
  const trainer = openTrainer({ store, warehouse, root, libraryPath: libraryPath(), env: process.env })
  const job: TrainingJob = {
    prefix: 'training/j/',
    trainKey: 'training/j/train.parquet',
    validationKey: 'training/j/validation.parquet',
    featureNames: someNames(COLUMNS),
    params,
  }
  await warehouse.writeRows(job.trainKey, columnsOf(syntheticRows(1500, COLUMNS, 1)))
  await warehouse.writeRows(job.validationKey, columnsOf(syntheticRows(500, COLUMNS, 2)))
  return { ...platform, trainer, job }
}

/** Trains, and aborts once `round` is done. */
async function interrupt(
  { trainer, job }: Awaited<ReturnType<typeof setUp>>,
  round: number,
): Promise<unknown> {
  const stop = new AbortController()
  const onRound = (score: RoundScore): void => {
    if (score.round === round) stop.abort()
  }
  return trainer.fit(job, { onRound, signal: stop.signal }).catch((error: unknown) => error)
}

describe('the local trainer', () => {
  it('trains to the same model, bit for bit, when it was stopped in the middle and goes on from its checkpoint', async () => {
    const lake = await setUp()
    const whole = await lake.trainer.fit(lake.job)
    await lake.store.delete(CHECKPOINT)
    expect(await interrupt(lake, 40)).toMatchObject({ code: 'CANCELLED' })
    const rounds: number[] = []
    const resumed = await lake.trainer.fit(lake.job, { onRound: ({ round }) => rounds.push(round) })
    // The process may have been a checkpoint ahead of what it had been heard to say.
    expect([25, 50]).toContain(rounds[0])
    expect(Buffer.from(resumed.model).equals(Buffer.from(whole.model))).toBe(true)
    expect(resumed.history).toEqual(whole.history)
    expect(resumed.rounds).toBe(whole.rounds)
  })

  it('gives a finished training again without training', async () => {
    const { trainer, job } = await setUp(smallParams({ num_round: 5 }))
    const first = await trainer.fit(job)
    const rounds: number[] = []
    const second = await trainer.fit(job, { onRound: ({ round }) => rounds.push(round) })
    expect(rounds).toEqual([])
    expect(Buffer.from(second.model).equals(Buffer.from(first.model))).toBe(true)
  })

  it('does not go on from a checkpoint of other data, of other parameters, or a damaged one', async () => {
    const lake = await setUp(smallParams({ num_round: 4 }))
    const rounds: number[] = []
    const fit = (changes: Partial<TrainingJob> = {}) =>
      lake.trainer.fit({ ...lake.job, ...changes }, { onRound: ({ round }) => rounds.push(round) })
    await fit()
    await fit({ params: smallParams({ num_round: 4, max_depth: 3 }) })
    await lake.warehouse.writeRows(lake.job.trainKey, columnsOf(syntheticRows(1500, COLUMNS, 3)))
    await fit()
    await lake.store.put(CHECKPOINT, '{"checkpoint_version":1,"job')
    await fit()
    expect(rounds).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
  })

  it('refuses columns that are not the features in their order', async () => {
    const { trainer, job, warehouse } = await setUp()
    const names = someNames(COLUMNS)
    const swapped = [...names.slice(1), ...names.slice(0, 1)]
    await warehouse.writeRows(job.trainKey, columnsOf(syntheticRows(50, COLUMNS, 1), swapped))
    await expect(trainer.fit(job)).rejects.toMatchObject({ code: 'MISMATCH' })
  })

  it('refuses infinity, labels other than 0 and 1, and a file without rows', async () => {
    const { trainer, job, warehouse } = await setUp()
    const rows = syntheticRows(50, COLUMNS, 1)
    const write = (change: Partial<RowBatch>) =>
      warehouse.writeRows(job.trainKey, columnsOf({ ...rows, ...change }))
    await write({ features: rows.features.with(COLUMNS * 7 + 2, Infinity) })
    await expect(trainer.fit(job)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: /feature_2 has an infinite/,
    })
    await write({ labels: rows.labels.with(3, Number.NaN) })
    await expect(trainer.fit(job)).rejects.toMatchObject({ code: 'BAD_INPUT', message: /neither 0 nor 1/ })
    await write({ labels: new Float32Array(0), features: new Float32Array(0) })
    await expect(trainer.fit(job)).rejects.toMatchObject({ code: 'BAD_INPUT', message: /has no rows/ })
  })

  it('refuses a parameter that the library would take silently', async () => {
    const { trainer, job } = await setUp()
    const misspelt = { ...job.params, max_dept: 3 }
    await expect(trainer.fit({ ...job, params: misspelt })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('ends with the error of a checkpoint that cannot be written', async () => {
    const { job, store, warehouse, root } = await setUp()
    const full = { ...store, put: () => Promise.reject(new Error('no space left')) }
    const trainer = openTrainer({
      store: full,
      warehouse,
      root,
      libraryPath: libraryPath(),
      env: process.env,
    })
    await expect(trainer.fit(job)).rejects.toThrow('no space left')
  })

  it('stops at once when it is asked to before it begins', async () => {
    const { trainer, job } = await setUp()
    await expect(trainer.fit(job, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  it('says so when the library cannot be loaded', async () => {
    const { job, store, warehouse, root } = await setUp()
    const trainer = openTrainer({
      store,
      warehouse,
      root,
      libraryPath: '/nowhere/libxgboost.so',
      env: process.env,
    })
    await expect(trainer.fit(job)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: /\/nowhere\/libxgboost.so/,
    })
  })
})

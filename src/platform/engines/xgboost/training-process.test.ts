import { expect, it } from 'vitest'
import { smallParams, someNames, syntheticRows } from '../../../../test/support/boosted-model.ts'
import { libraryPath } from '../../../../test/support/stump-model.ts'
import { startTrainingProcess } from './training-process.ts'

const COLUMNS = 4
const order = { params: smallParams({ num_round: 500 }), featureNames: someNames(COLUMNS), resume: undefined }

it('a training process that is killed rejects with how it ended', async () => {
  const process_ = startTrainingProcess({ libraryPath: libraryPath(), columns: COLUMNS, env: process.env })
  await process_.send('train', syntheticRows(2000, COLUMNS, 1))
  await process_.send('validation', syntheticRows(500, COLUMNS, 2))
  const trained = process_.train(order, { round: () => process_.kill(), checkpoint: () => {} })
  await expect(trained).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('SIGKILL'),
    hint: expect.stringContaining('last checkpoint'),
  })
})

it('a training process that dies while it is fed does not leave its feeder waiting', async () => {
  const process_ = startTrainingProcess({ libraryPath: libraryPath(), columns: COLUMNS, env: process.env })
  process_.kill()
  const feed = async (): Promise<never> => {
    for (;;) await process_.send('train', syntheticRows(100_000, COLUMNS, 1))
  }
  await expect(feed()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

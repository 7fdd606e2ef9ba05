import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { dsOf } from '../../core/time.ts'
import {
  batchTraces,
  publishPredictions,
  readPending,
  stagePredictions,
  writePending,
} from './batch-files.ts'

const SLOT = 1_715_688_000
const BATCH = { endpoint: 'bikeshare-staging', city: 'demo', slot: SLOT }

const prediction = (station_id: string, made_at: number): Prediction => ({
  city: 'demo',
  endpoint: BATCH.endpoint,
  target: 'bikes',
  slot: SLOT,
  dt: '2024-05-14-12-00-00',
  station_id,
  count_now: 4,
  score: 0.25,
  threshold: 0.15,
  stockout: true,
  variant: 'AllTraffic',
  model_version: '20240513T235500Z-11111111',
  features_hash: '0123456789abcdef',
  inference_id: 'id',
  shuffle_seed: 4_294_967_295,
  made_at,
  backfilled: false,
})

describe('the files of a batch', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  const published = (): Promise<Prediction[]> =>
    platform.warehouse.rows<Prediction>({
      name: 'predictions',
      sql: 'select * from predictions',
      tables: { predictions: { dataset: 'predictions', city: 'demo', dsFrom: dsOf(SLOT), dsTo: dsOf(SLOT) } },
    })

  it('come back as they were written, ordered by station', async () => {
    await stagePredictions(platform, BATCH, [prediction('b', SLOT), prediction('a', SLOT)])
    expect(await published()).toEqual([])
    await publishPredictions(platform.store, BATCH)
    expect(await published()).toEqual([prediction('a', SLOT), prediction('b', SLOT)])
  })

  it('are never replaced once they are published', async () => {
    await stagePredictions(platform, BATCH, [prediction('a', SLOT)])
    await publishPredictions(platform.store, BATCH)
    await stagePredictions(platform, BATCH, [prediction('a', SLOT + 60)])
    await publishPredictions(platform.store, BATCH)
    expect(await published()).toEqual([prediction('a', SLOT)])
    expect(await batchTraces(platform.store, BATCH)).toEqual({
      done: true,
      pending: false,
      unpublished: false,
    })
  })

  it('tell of a partial batch, and of a damaged one by name', async () => {
    const pending = { rounds: 1, stations: 3, reason: 'down', predictions: [prediction('a', SLOT)] }
    await writePending(platform.store, BATCH, pending)
    expect(await readPending(platform.store, BATCH)).toEqual({ pending_version: 1, ...pending })
    expect(await batchTraces(platform.store, BATCH)).toEqual({
      done: false,
      pending: true,
      unpublished: false,
    })
    await platform.store.put(
      'inference/endpoint=bikeshare-staging/city=demo/ds=2024-05-14/dt=2024-05-14-12-00-00/_pending.json',
      '{',
    )
    await expect(readPending(platform.store, BATCH)).rejects.toThrow(
      expect.objectContaining({ code: 'CORRUPT' }),
    )
  })
})

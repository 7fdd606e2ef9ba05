import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CITY,
  cityStatus,
  openServingPlatform,
  registerStump,
  SLOT,
  writeCity,
  type ServingPlatform,
} from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { silentReporter } from '../../core/report.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { evaluate } from '../evaluation/metrics.ts'
import { deployModel } from '../serving/deploy.ts'
import { predictBatch } from './predict-batch.ts'
import { scorePredictions } from './score-predictions.ts'

const STATIONS = 120
const ENDPOINT = 'bikeshare-staging'
const BACKFILLED = SLOT + 600

describe('scoring predictions', () => {
  const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
  let platform: ServingPlatform

  beforeAll(async () => {
    platform = await openServingPlatform(scorer)
    await writeCity(platform, STATIONS)
    const model = await registerStump(platform.store, {
      target: 'bikes',
      digit: '1',
      scores: { low: 0.6, high: 0.1 },
      threshold: 0.5,
    })
    await deployModel(platform, {
      endpoint: ENDPOINT,
      city: CITY,
      target: 'bikes',
      ...model,
      by: 'test',
      now: SLOT,
    })
    const zone = { city: CITY, timezone: 'America/Toronto', country: 'CA', report: silentReporter }
    for (const slot of [SLOT - 600, SLOT]) await predictBatch(platform, { ...zone, slot, now: slot + 60 })
    await predictBatch(platform, { ...zone, slot: BACKFILLED, now: BACKFILLED + 7200 })
  })
  afterAll(async () => {
    await platform.close()
    await scorer.close()
  })

  const score = (from: number, until: number) =>
    scorePredictions(platform, { city: CITY, endpoint: ENDPOINT, from, until })

  /** By the statuses themselves: the snapshot of a slot is 20 seconds older. */
  const expected = (slots: readonly number[]) => {
    const status = cityStatus(STATIONS)
    const counts: number[] = []
    const labels: number[] = []
    const scores: number[] = []
    for (const slot of slots)
      for (const now of status.filter((row) => row.last_updated === slot - 20 && row.is_renting)) {
        const later = status.find(
          (row) => row.station_id === now.station_id && row.last_updated === slot + 1800 - 20,
        )
        counts.push(now.num_bikes_available)
        labels.push((later?.num_bikes_available ?? 0) <= 2 ? 1 : 0)
        scores.push(Math.fround(now.num_bikes_available / 10 < 0.5 ? 0.6 : 0.1))
      }
    return evaluate({ labels, scores, counts, threshold: 0.5 })
  }

  it('judges what was said at a slot by the state 30 minutes later', async () => {
    const { rows, evaluation } = await score(SLOT - 600, SLOT + 600)
    const due = expected([SLOT - 600, SLOT])
    expect(rows).toBe(216)
    expect(evaluation).toEqual({
      ...due,
      brier: expect.closeTo(due.brier ?? 0, 6),
      calibration_error: expect.closeTo(due.calibration_error ?? 0, 6),
    })
    expect(evaluation.onset_rows).toBeGreaterThan(0)
  })

  it('takes the slots from `from` up to, and without, `until`', async () => {
    expect((await score(SLOT, SLOT + 1)).rows).toBe(108)
    expect((await score(SLOT - 600, SLOT)).rows).toBe(108)
  })

  it('leaves out what was made after the fact, and other endpoints', async () => {
    expect((await score(BACKFILLED, BACKFILLED + 600)).rows).toBe(0)
    const other = await scorePredictions(platform, {
      city: CITY,
      endpoint: 'other',
      from: SLOT,
      until: SLOT + 600,
    })
    expect(other).toMatchObject({ rows: 0, evaluation: { pr_auc: null, threshold: 0 } })
  })
})

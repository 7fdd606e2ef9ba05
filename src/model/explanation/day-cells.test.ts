import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { CITY, fillQualityLake, START } from '../../../test/support/quality-lake.ts'
import { OperatorError } from '../../core/errors.ts'
import { scoreCellsKey } from '../../core/keys.ts'
import { DAY_SECONDS, dayFloor, dsOf, HOUR_SECONDS } from '../../core/time.ts'
import type { Statement } from '../../platform/ports.ts'
import { dayCells, predictedDays } from './day-cells.ts'
import { piecesOf, scoreCells } from './score-cells.ts'

const ENDPOINT = 'bikeshare-prod'
const DAY = dayFloor(START)
const RANGE = { city: CITY, endpoint: ENDPOINT, from: DAY, until: DAY + DAY_SECONDS }
const SETTLED = RANGE.until + 1800 + 7200
const KEY = scoreCellsKey(ENDPOINT, CITY, dsOf(DAY))

describe('the outcomes of a day by score', () => {
  let platform: LocalPlatform
  let statements = 0
  beforeAll(async () => {
    const opened = await openLocalPlatform()
    const { warehouse } = opened
    platform = {
      ...opened,
      warehouse: {
        ...warehouse,
        rows: <T>(statement: Statement) => {
          statements++
          return warehouse.rows<T>(statement)
        },
      },
    }
    await fillQualityLake(opened, { hours: 2, endpoints: [ENDPOINT], step: 1200 })
  })
  afterAll(() => platform.close())

  it('are not kept while a snapshot may still come', async () => {
    const cells = await dayCells(platform, RANGE, SETTLED - 1)
    expect(cells.reduce((sum, { samples }) => sum + samples, 0)).toBeGreaterThan(50)
    expect(await platform.store.get(KEY)).toBeUndefined()
  })

  it('are then counted once, and again when what was kept is damaged', async () => {
    const counted = await scoreCells(platform, RANGE)
    statements = 0
    expect(await dayCells(platform, RANGE, SETTLED)).toEqual(counted)
    expect(await dayCells(platform, RANGE, SETTLED)).toEqual(counted)
    expect(statements).toBe(1)
    const kept = await platform.store.get(KEY)
    await platform.store.put(KEY, kept?.body.slice(0, 50) ?? '')
    expect(await dayCells(platform, RANGE, SETTLED)).toEqual(counted)
    expect(statements).toBe(2)
    expect((await platform.store.get(KEY))?.body).toEqual(kept?.body)
    await platform.store.delete(KEY)
  })

  it('are told to whoever may only read', async () => {
    const store = {
      ...platform.store,
      put: () => Promise.reject(new OperatorError('UNAVAILABLE', 'read-only')),
    }
    expect(await dayCells({ ...platform, store }, RANGE, SETTLED)).toEqual(await scoreCells(platform, RANGE))
  })

  it('are none of a day without predictions, of which nothing is kept', async () => {
    const other = { ...RANGE, from: DAY - DAY_SECONDS, until: DAY }
    expect(await dayCells(platform, other, SETTLED)).toEqual([])
    expect(await platform.store.get(scoreCellsKey(ENDPOINT, CITY, dsOf(other.from)))).toBeUndefined()
    expect(await predictedDays(platform.store, CITY, ENDPOINT)).toEqual([dsOf(DAY)])
    expect(await predictedDays(platform.store, CITY, 'nobody')).toEqual([])
  })
})

describe('pieces of a range', () => {
  it('are whole days, then hours', () => {
    const until = DAY + 2 * DAY_SECONDS + 2 * HOUR_SECONDS
    expect(piecesOf({ from: DAY, until })).toEqual([
      { from: DAY, until: DAY + DAY_SECONDS },
      { from: DAY + DAY_SECONDS, until: DAY + 2 * DAY_SECONDS },
      { from: DAY + 2 * DAY_SECONDS, until: until - HOUR_SECONDS },
      { from: until - HOUR_SECONDS, until },
    ])
    expect(piecesOf({ from: DAY, until: DAY })).toEqual([])
  })
})

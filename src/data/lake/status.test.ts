import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, stationsAt, statusBody } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { DAY_SECONDS } from '../../core/time.ts'
import { parseStatus } from '../gbfs/normalise.ts'
import { gaps } from './gaps.ts'
import { createLake } from './lake-info.ts'
import { keepRefused } from './refused.ts'
import { lakeStatus } from './status.ts'
import { mergeStatusDay } from './status-day.ts'
import { storeStatus } from './store-status.ts'

describe('the status of a lake', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
    await createLake(platform.store, {
      city: 'test',
      timezone: 'Europe/Oslo',
      country: 'NO',
      system_name: null,
      feed_url: null,
      virtual_now: null,
    })
  })
  afterEach(() => platform.close())
  const put = (...seconds: number[]) =>
    mergeStatusDay(
      platform,
      'test',
      '2024-03-12',
      seconds.map((s) => ({ last_updated: DAY + s, stations: stationsAt(DAY + s) })),
    )

  it('names every gap of more than 15 minutes, also at both ends, and no shorter one', async () => {
    await put(1000, 1900, 2801, 5000)
    const found = await gaps(platform, { city: 'test', from: DAY + 90, to: DAY + 6000 })
    expect(found.map((gap) => [gap.from - DAY, gap.to - DAY, gap.seconds])).toEqual([
      [90, 1000, 910],
      [1900, 2801, 901],
      [2801, 5000, 2199],
      [5000, 6000, 1000],
    ])
  })

  it('counts the beginning as covered by a snapshot shortly before it', async () => {
    await put(1000, 1600)
    expect(await gaps(platform, { city: 'test', from: DAY + 1500, to: DAY + 2000 })).toEqual([])
    const found = await gaps(platform, { city: 'test', from: DAY + 1850, to: DAY + 2550 })
    expect(found.map((gap) => [gap.from - DAY, gap.to - DAY])).toEqual([[1600, 2550]])
  })

  it('is one gap from end to end where there is nothing', async () => {
    expect(await gaps(platform, { city: 'test', from: DAY, to: DAY + 7200 })).toEqual([
      { from: DAY, to: DAY + 7200, seconds: 7200 },
    ])
  })

  it('tells the newest snapshot, its age, days, gaps, what was set aside and what was refused', async () => {
    await put(1000, 80_000, 80_600)
    const time = DAY + 2 * DAY_SECONDS + 600
    const stations = stationsAt(time).map((s, i) => (i < 2 ? { ...s, num_bikes_available: 5000 } : s))
    const body = statusBody(time, { stations })
    const origin = { source_url: 'https://example.org/s.json', fetched_at: time }
    await storeStatus(platform, { city: 'test', body, snapshot: parseStatus(body), origin })
    for (const text of ['<html>', '<html >'])
      await keepRefused(platform.store, 'test', {
        feed: 'station_status',
        at: time,
        reason: 'invalid',
        detail: 'HTML',
        body: text,
        source: 'x',
      })
    const status = await lakeStatus(platform, { city: 'test', now: time + 60 })
    expect(status).toMatchObject({
      newest: time,
      age_seconds: 60,
      days: { first: '2024-03-12', last: '2024-03-14', count: 2, missing: 1, open: 1 },
      snapshots_24h: 1,
      quarantined: { count_out_of_range: 2 },
      refused: { invalid: 2 },
    })
    expect(status.gaps_24h.map((gap) => gap.to - time)).toEqual([0])
    expect(Object.keys(status.bytes).sort()).toEqual(['curated', 'ingest_errors', 'lake.json', 'raw'])
    const earlier = await lakeStatus(platform, { city: 'test', now: DAY + 80_300 })
    expect(earlier).toMatchObject({ newest: DAY + 80_000, age_seconds: 300, quarantined: null })
  })
})

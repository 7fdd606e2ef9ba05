import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, informationBody, stationsAt, statusBody } from '../../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import type { StationStatus } from '../../../core/contracts/station.ts'
import { DAY_SECONDS, HOUR_SECONDS } from '../../../core/time.ts'
import { parseStatus } from '../../../data/gbfs/normalise.ts'
import { createLake } from '../../../data/lake/lake-info.ts'
import { keepRefused } from '../../../data/lake/refused.ts'
import { storeStatus } from '../../../data/lake/store-status.ts'
import type { FeedRecord } from './feed-file.ts'
import { readFeed } from './feed-file.ts'
import { runFeedHealth } from './run-feed-health.ts'

const CITY = 'c'
const AT = DAY + DAY_SECONDS
const GAP = { from: AT - 5 * HOUR_SECONDS, to: AT - 4 * HOUR_SECONDS }

describe('health of a feed', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
    const zone = {
      timezone: 'America/New_York',
      country: 'US',
      system_name: null,
      feed_url: null,
      virtual_now: null,
    }
    await createLake(platform.store, { city: CITY, ...zone })
  })
  afterEach(() => platform.close())

  const store = async (at: number, delay: number, stations: readonly StationStatus[]): Promise<void> => {
    const body = statusBody(at, { stations })
    const origin = { source_url: 'http://x', fetched_at: at + delay }
    await storeStatus(platform, { city: CITY, body, snapshot: parseStatus(body), origin })
  }
  /** Six hours of snapshots every ten minutes, but for an hour's gap; every sixth is fetched late. */
  const fill = async (): Promise<void> => {
    for (let i = 0; i < 36; i++) {
      const at = AT - 6 * HOUR_SECONDS + i * 600
      if (at > GAP.from && at < GAP.to) continue
      const silent = (station: StationStatus, n: number): StationStatus =>
        n === 3 ? { ...station, last_reported: at - 2 * DAY_SECONDS } : station
      const stations = stationsAt(at).map(silent)
      const bad = { ...stations[0], station_id: 'bad', num_bikes_available: 999_999 } as StationStatus
      await store(at, i % 6 === 0 ? 200 : 40, [...stations, bad])
    }
  }
  const attempt = async (times: readonly number[], Value: 0 | 1): Promise<void> => {
    const Dimensions = { EndpointName: 'e', City: CITY }
    const datum = { MetricName: 'IngestFailures', Dimensions, Unit: 'Count', Value }
    await platform.metrics.putMetricData(
      'Test',
      times.map((Timestamp) => ({ ...datum, Timestamp })),
    )
  }
  const minutes = Array.from({ length: 60 }, (_, i) => GAP.from + i * 60)
  const health = (): Promise<FeedRecord> =>
    runFeedHealth(platform, { city: CITY, at: AT, now: AT, namespace: 'Test', live: true })

  it('tells freshness, coverage, lateness, and who is silent or set aside', async () => {
    await fill()
    const record = await health()
    expect(record).toMatchObject({
      newest: AT - 600,
      age_seconds: 600,
      snapshots: 31,
      stations: 12,
      frozen: null,
      refused: {},
    })
    expect(record.quarantined).toEqual({ count_out_of_range: 31 })
    expect(record.ingest).toEqual({ snapshots: 31, in_time: 25, share: 25 / 31 })
    expect(record.silent?.map(({ station_id }) => station_id)).toEqual(['s003'])
    expect(record.coverage).toBeGreaterThan(0.2)
    expect(record.coverage).toBeLessThan(0.25)
    expect(await health()).toEqual(record)
    expect(await readFeed(platform.store, { city: CITY, from: AT, to: AT })).toEqual([record])
  })

  it('does not know whose a gap is where attempts are not recorded', async () => {
    await fill()
    const { gaps } = await health()
    expect(gaps.map(({ from, cause }) => [from, cause])).toContainEqual([GAP.from, 'unknown'])
  })

  it.each([
    ['ours', 'nobody asked', []],
    ['network', 'every attempt failed', [1]],
    ['feed', 'there was nothing new', [0]],
  ] as const)('says that a gap is "%s" when %s', async (cause, _, values) => {
    await fill()
    await attempt([AT - 60], 0)
    for (const value of values) await attempt(minutes, value)
    const { gaps } = await health()
    expect(gaps.find(({ from }) => from === GAP.from)?.cause).toBe(cause)
  })

  it('counts refused documents, and lays their gap to the feed', async () => {
    await fill()
    await attempt(minutes, 1)
    for (const at of minutes.slice(0, 40)) {
      const body = informationBody(at)
      const refusal = {
        feed: 'station_status',
        at,
        reason: 'invalid',
        detail: '',
        body,
        source: 'x',
        fetched_at: at,
      } as const
      await keepRefused(platform.store, CITY, refusal)
    }
    const { gaps, refused } = await health()
    expect(refused).toEqual({ invalid: 40 })
    expect(gaps.find(({ from }) => from === GAP.from)?.cause).toBe('feed')
  })

  it('is a record of nothing for an empty lake', async () => {
    expect(await health()).toMatchObject({
      newest: null,
      age_seconds: null,
      snapshots: 0,
      coverage: 0,
      ingest: null,
      silent: null,
      frozen: null,
    })
  })
})

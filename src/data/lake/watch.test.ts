import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFaultFeed, type FaultFeed } from '../../../test/support/fault-feed.ts'
import {
  DAY,
  filesBelow,
  informationBody,
  statusBody,
  systemBody,
} from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS } from '../../core/time.ts'
import { openFeedClient, type FeedClient } from '../gbfs/feed-client.ts'
import { watchFeed } from './watch.ts'

describe('watching a feed', () => {
  let feed: FaultFeed
  let client: FeedClient
  let platform: LocalPlatform
  beforeEach(async () => {
    feed = await openFaultFeed()
    client = openFeedClient({ allowPrivate: true, retries: 0 })
    platform = await openLocalPlatform()
    feed.publishDiscovery('2.3', DAY)
    feed.publish('/system_information.json', systemBody())
    feed.publish('/station_information.json', informationBody(DAY))
  })
  afterEach(async () => {
    await client.close()
    await feed.close()
    await platform.close()
  })

  it('takes every snapshot, waits between 60 and 120 s, outlives an outage and compacts closed days', async () => {
    const start = DAY + DAY_SECONDS - 600
    let now = start
    const waits: number[] = []
    const outcomes: string[] = []
    const warnings: string[] = []
    const stop = new AbortController()
    feed.publish('/station_status.json', statusBody(now))
    await watchFeed(platform, {
      city: 'test',
      feedUrl: `${feed.origin}/gbfs.json`,
      client,
      weather: { source: 'none' },
      report: { ...silentReporter, warn: (message) => void warnings.push(message) },
      clock: () => now,
      signal: stop.signal,
      onResult: (result) => void outcomes.push(result.outcome),
      wait: (seconds) => {
        waits.push(seconds)
        now += 600
        feed.publish('/station_status.json', statusBody(now))
        if (waits.length === 2) feed.fault('/station_status.json', { kind: 'status', status: 503 })
        if (waits.length === 3) feed.heal()
        if (waits.length === 5) stop.abort()
        return Promise.resolve()
      },
    })
    expect(outcomes).toEqual(['stored', 'stored', 'stored', 'stored'])
    expect(warnings).toHaveLength(1)
    expect(new Set(waits)).toEqual(new Set([60]))
    const curated = Object.keys(await filesBelow(platform.root)).filter((key) =>
      key.includes('curated/station_status'),
    )
    expect(curated.map((key) => key.replace(/.*station_status/, ''))).toEqual([
      '/city=test/ds=2024-03-12/day.parquet',
      '_live/city=test/ds=2024-03-13/2024-03-13-00-00-00.parquet',
      '_live/city=test/ds=2024-03-13/2024-03-13-00-20-00.parquet',
      '_live/city=test/ds=2024-03-13/2024-03-13-00-30-00.parquet',
    ])
  })

  it('ends when the signal is aborted, and passes on what is no outage', async () => {
    const stop = new AbortController()
    stop.abort()
    const options = {
      city: 'test',
      feedUrl: `${feed.origin}/station_information.json`,
      client,
      weather: { source: 'none' as const },
      report: silentReporter,
      clock: () => DAY,
    }
    await watchFeed(platform, { ...options, signal: stop.signal })
    expect(feed.requests).toEqual([])
    const going = new AbortController()
    await expect(watchFeed(platform, { ...options, signal: going.signal })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })
})

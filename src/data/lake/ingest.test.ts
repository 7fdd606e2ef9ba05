import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFaultFeed, type FaultFeed } from '../../../test/support/fault-feed.ts'
import {
  Crash,
  crashingAt,
  DAY,
  filesBelow,
  informationBody,
  informationOf,
  stationsAt,
  statusBody,
  systemBody,
} from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { datapoints } from '../../../test/support/metric-datapoints.ts'
import { silentReporter } from '../../core/report.ts'
import { openFeedClient, type FeedClient } from '../gbfs/feed-client.ts'
import type { GbfsVersion } from '../gbfs/serialise.ts'
import { compactDays } from './compact.ts'
import { heal } from './heal.ts'
import { readVersions } from './information-versions.ts'
import { ingestOnce } from './ingest.ts'
import type { IngestOptions } from './ingest-options.ts'
import { readLake } from './lake-info.ts'
import { streamStatus } from './status-day.ts'

const T = DAY + 36_000

describe('ingest', () => {
  let feed: FaultFeed
  let client: FeedClient
  let platform: LocalPlatform
  beforeEach(async () => {
    feed = await openFaultFeed()
    client = openFeedClient({ allowPrivate: true, retries: 0, timeoutMs: 2000 })
    platform = await openLocalPlatform()
    publish(T)
  })
  afterEach(async () => {
    await client.close()
    await feed.close()
    await platform.close()
  })

  function publish(time: number, version: GbfsVersion = '2.3'): void {
    feed.publishDiscovery(version, time)
    feed.publish('/system_information.json', systemBody('America/New_York', version))
    feed.publish('/station_information.json', informationBody(time, { version }))
    feed.publish('/station_status.json', statusBody(time, { version }))
  }
  const options = (now: number, more: Partial<IngestOptions> = {}): IngestOptions => ({
    city: 'test',
    feedUrl: `${feed.origin}/gbfs.json`,
    client,
    weather: { source: 'none' },
    now,
    report: silentReporter,
    ...more,
  })
  const ingest = (now: number, more: Partial<IngestOptions> = {}) => ingestOnce(platform, options(now, more))
  const snapshots = async (ds = '2024-03-12', of = platform) => {
    const found = []
    for await (const snapshot of streamStatus(of, 'test', ds)) found.push(snapshot)
    return found
  }

  it('begins a lake in the time zone of the feed and stores the same stations from every version', async () => {
    for (const [i, version] of (['1.1', '2.3', '3.0'] as const).entries()) {
      publish(T + i * 300, version)
      const result = await ingest(T + i * 300 + 20)
      expect(result).toMatchObject({ outcome: 'stored', last_updated: T + i * 300, stations: 12, ttl: 60 })
    }
    expect(await readLake(platform.store)).toMatchObject({ city: 'test', timezone: 'America/New_York' })
    const stored = await snapshots()
    expect(stored.map((s) => s.last_updated)).toEqual([T, T + 300, T + 600])
    expect(stored.map((s) => s.stations)).toEqual([T, T + 300, T + 600].map((t) => stationsAt(t)))
  })

  it('keeps the document as received beside a manifest that says where it came from', async () => {
    await ingest(T + 20)
    const prefix = 'raw/station_status/city=test/dt=2024-03-12-10-00-00/'
    const data = await platform.store.get(`${prefix}data.json.gz`)
    expect(gunzipSync(data?.body ?? '')).toEqual(Buffer.from(statusBody(T)))
    const manifest = await platform.store.get(`${prefix}_manifest.json`)
    expect(JSON.parse(new TextDecoder().decode(manifest?.body))).toMatchObject({
      source_url: `${feed.origin}/station_status.json`,
      fetched_at: T + 20,
      bytes: statusBody(T).byteLength,
      version: '2.3',
      stations: 12,
      quarantined: [],
    })
  })

  it('changes nothing when the same snapshot comes again', async () => {
    await ingest(T + 20)
    const before = await filesBelow(platform.root)
    expect(await ingest(T + 60)).toMatchObject({ outcome: 'unchanged', last_updated: T, stations: 12 })
    expect(await filesBelow(platform.root)).toEqual(before)
  })

  it('does not fetch an unchanged document again, also after a restart', async () => {
    await ingest(T + 20)
    await client.close()
    client = openFeedClient({ allowPrivate: true, retries: 0 })
    feed.requests.length = 0
    await ingest(T + 60)
    expect(feed.requests.map(({ path }) => path)).toEqual(['/station_status.json'])
    expect(feed.requests[0]?.headers['if-none-match']).toMatch(/^"/)
  })

  it('keeps the first of two contents under one last_updated, and the other under ingest_errors', async () => {
    await ingest(T + 20)
    feed.publish('/station_status.json', statusBody(T, { stations: stationsAt(T, 3) }))
    expect(await ingest(T + 80)).toMatchObject({ outcome: 'conflict' })
    expect((await snapshots())[0]?.stations).toEqual(stationsAt(T))
    const errors = Object.keys(await filesBelow(platform.root)).filter((key) =>
      key.startsWith('ingest_errors/'),
    )
    expect(errors).toHaveLength(2)
    expect(errors[0]).toMatch(/^ingest_errors\/city=test\/dt=2024-03-12-10-00-00\/\w{12}\/_error\.json$/)
    await ingest(T + 140)
    expect(
      Object.keys(await filesBelow(platform.root)).filter((key) => key.startsWith('ingest_errors/')),
    ).toEqual(errors)
  })

  it('does not take another order of the stations for another content', async () => {
    await ingest(T + 20)
    feed.publish('/station_status.json', statusBody(T, { stations: stationsAt(T).toReversed() }))
    expect(await ingest(T + 80)).toMatchObject({ outcome: 'unchanged' })
  })

  it('sets strange stations aside, counts them and keeps their reasons', async () => {
    const stations = stationsAt(T).map((s, i) => (i === 2 ? { ...s, num_docks_available: 999_999 } : s))
    feed.publish('/station_status.json', statusBody(T, { stations }))
    expect(await ingest(T + 20)).toMatchObject({ outcome: 'stored', stations: 11, quarantined: 1 })
    const key = 'raw/station_status/city=test/dt=2024-03-12-10-00-00/_manifest.json'
    const manifest = JSON.parse(new TextDecoder().decode((await platform.store.get(key))?.body)) as unknown
    expect(manifest).toMatchObject({ quarantined: [{ station_id: 's002', reason: 'count_out_of_range' }] })
  })

  it('refuses a web page and a batch of too few stations, keeps both and counts them as failures', async () => {
    const metric = { namespace: 'Bikeshare/Model', endpoint: 'bikeshare-staging' }
    await ingest(T + 20, { metric })
    feed.fault('/station_status.json', { kind: 'html' })
    expect(await ingest(T + 80, { metric })).toMatchObject({ outcome: 'refused', last_updated: null })
    feed.heal()
    feed.publish('/station_status.json', statusBody(T + 120, { stations: stationsAt(T, 0, 9) }))
    expect(await ingest(T + 140, { metric })).toMatchObject({
      outcome: 'refused',
      detail: /too_few_stations/,
    })
    const errors = Object.keys(await filesBelow(platform.root)).filter((key) =>
      key.startsWith('ingest_errors/'),
    )
    expect(errors.filter((key) => key.endsWith('_error.json'))).toHaveLength(2)
    const points = await datapoints(
      platform.metrics,
      {
        Namespace: metric.namespace,
        MetricName: 'IngestFailures',
        Dimensions: { EndpointName: metric.endpoint, City: 'test' },
      },
      { from: T, to: T + 600 },
    )
    expect(points.map(([, value]) => value)).toEqual([0, 1, 1])
    expect((await snapshots()).map((s) => s.last_updated)).toEqual([T])
  })

  it('begins nothing for an address that is no GBFS, or without a time zone', async () => {
    feed.fault('/station_status.json', { kind: 'html' })
    await expect(ingest(T + 20)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    feed.heal()
    feed.publish('/system_information.json', '{"data": {"system_id": "x"}}')
    await expect(ingest(T + 20)).rejects.toMatchObject({ code: 'BAD_INPUT', hint: /timezone/ })
    expect(await filesBelow(platform.root)).toEqual({})
    expect(await ingest(T + 20, { timezone: 'Europe/Oslo' })).toMatchObject({ outcome: 'stored' })
  })

  it('says UNAVAILABLE when the feed does not answer, and the lake stays as it was', async () => {
    await ingest(T + 20)
    const before = await filesBelow(platform.root)
    feed.fault('/station_status.json', { kind: 'status', status: 503 })
    await expect(ingest(T + 80)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await filesBelow(platform.root)).toEqual(before)
  })

  it('goes on without information and weather, and takes them when they come back', async () => {
    const weather = { source: 'open-meteo', base: feed.origin } as const
    feed.fault('/station_information.json', { kind: 'status', status: 500 })
    expect(await ingest(T + 20, { weather })).toMatchObject({
      outcome: 'stored',
      information: 'failed',
      weather_hours: null,
    })
    feed.heal()
    expect(await ingest(T + 30, { weather })).toMatchObject({ information: 'stored', weather_hours: null })
    feed.publish(
      '/v1/forecast',
      JSON.stringify({ hourly: { time: [T - 3600, T, T + 3600], temperature_2m: [5, 6, 7] } }),
    )
    expect(await ingest(T + 40, { weather })).toMatchObject({ information: 'skipped', weather_hours: 3 })
    expect(await ingest(T + 50, { weather })).toMatchObject({ weather_hours: null })
    const rows = await platform.warehouse.rows({
      name: 'weather',
      sql: 'select valid_at, issued_at, temp_c from weather order by valid_at',
      tables: {
        weather: { dataset: 'weather_hourly', city: 'test', dsFrom: '2024-03-12', dsTo: '2024-03-12' },
      },
    })
    expect(rows).toEqual([
      { valid_at: T - 3600, issued_at: T - 3600, temp_c: 5 },
      { valid_at: T, issued_at: T, temp_c: 6 },
      { valid_at: T + 3600, issued_at: T + 40, temp_c: 7 },
    ])
  })

  it('writes a new version of a station only when something about it changed', async () => {
    await ingest(T + 20)
    const stations = informationOf().map((s, i) => (i === 4 ? { ...s, capacity: 30 } : s))
    publish(T + 600)
    feed.publish('/station_information.json', informationBody(T + 600, { stations }))
    expect(await ingest(T + 620)).toMatchObject({ information: 'stored' })
    publish(T + 1200)
    feed.publish('/station_information.json', informationBody(T + 1200, { stations }))
    expect(await ingest(T + 1220)).toMatchObject({ information: 'unchanged' })
    const versions = await readVersions(platform, 'test')
    expect(versions.get('s004')?.map((v) => [v.valid_from, v.capacity])).toEqual([
      [T, 21],
      [T + 600, 30],
    ])
    expect(versions.get('s003')?.map((v) => v.valid_from)).toEqual([T])
  })

  it('lets information hold for the status it was fetched with, though its own time is later', async () => {
    feed.publish('/station_information.json', informationBody(T + 45))
    await ingest(T + 50)
    expect((await readVersions(platform, 'test')).get('s000')?.[0]?.valid_from).toBe(T)
  })

  it('refuses the feed of a system in another time zone', async () => {
    await ingest(T + 20)
    const other = await openFaultFeed()
    try {
      other.publishDiscovery('2.3', T)
      other.publish('/system_information.json', systemBody('Europe/Paris'))
      other.publish('/station_status.json', statusBody(T + 60))
      await expect(ingest(T + 80, { feedUrl: `${other.origin}/gbfs.json` })).rejects.toMatchObject({
        code: 'MISMATCH',
      })
    } finally {
      await other.close()
    }
  })

  it('adds a snapshot that comes after its day was compacted', async () => {
    await ingest(T + 20)
    const before = DAY + 2 * 86_400
    await compactDays(platform, { city: 'test', before, report: silentReporter })
    feed.publish('/station_status.json', statusBody(T - 300))
    expect(await ingest(before)).toMatchObject({ outcome: 'stored' })
    feed.publish('/station_status.json', statusBody(T, { stations: stationsAt(T, 1) }))
    expect(await ingest(before)).toMatchObject({ outcome: 'conflict' })
    expect((await snapshots()).map((s) => [s.last_updated, s.stations[0]?.num_bikes_available])).toEqual(
      [T - 300, T].map((t) => [t, stationsAt(t)[0]?.num_bikes_available]),
    )
    expect(Object.keys(await filesBelow(platform.root)).filter((key) => key.includes('_live/'))).toEqual([])
  })

  it('ends with the same lake, byte for byte, wherever it is killed and run again', async () => {
    const run = async (on: Pick<LocalPlatform, 'store' | 'warehouse' | 'metrics'>) => {
      publish(T)
      await ingestOnce(on, options(T + 20))
      publish(T + 600)
      feed.publish('/station_information.json', informationBody(T + 600, { stations: informationOf(33) }))
      await ingestOnce(on, options(T + 620))
    }
    await run(platform)
    const whole = await filesBelow(platform.root)
    let died = true
    for (let at = 0; died; at++) {
      const other = await openLocalPlatform()
      died = await run(crashingAt(other, at)).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error
          return true
        },
      )
      if (died) await run(other)
      expect(await filesBelow(other.root), `killed before write ${at}`).toEqual(whole)
      await other.close()
    }
  }, 60_000)

  it('loses no snapshot that reached the lake when the feed has moved on after a kill', async () => {
    const wholeRaw = /^raw\/station_status\/city=test\/dt=2024-03-12-10-00-00\/data/
    for (let at = 0; ; at++) {
      const other = await openLocalPlatform()
      const crashing = crashingAt(other, at)
      const died = await ingestOnce(crashing, options(T + 20)).then(
        () => false,
        () => true,
      )
      const kept = Object.keys(await filesBelow(other.root)).some((key) => wholeRaw.test(key))
      await heal(other, { city: 'test', now: T + 3600, report: silentReporter })
      expect((await snapshots('2024-03-12', other)).map((s) => s.last_updated)).toEqual(kept ? [T] : [])
      expect(Object.keys(await filesBelow(other.root)).filter((key) => key.includes('pending'))).toEqual([])
      await other.close()
      if (!died) break
    }
  }, 60_000)
})

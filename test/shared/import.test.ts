import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentReporter } from '../../src/core/report.ts'
import { gaps } from '../../src/data/lake/gaps.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { ingestOnce } from '../../src/data/lake/ingest.ts'
import { openFeedClient } from '../../src/data/gbfs/feed-client.ts'
import { startReplay } from '../../src/data/lake/replay.ts'
import { runSql } from '../../src/data/lake/views.ts'
import { filesBelow } from '../support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

const shared = (name: string): string => resolve(SHARED_DATA, name)

const SF = {
  city: 'sf',
  status: [shared('sf_status_2023-04-03_2023-05-14.parquet')],
  information: [shared('sf_information.parquet')],
  timezone: 'America/Los_Angeles',
  country: 'US',
  report: silentReporter,
}
const NYC = {
  city: 'nyc',
  status: [shared('nyc_status.parquet')],
  information: [shared('nyc_information.parquet')],
  timezone: 'America/New_York',
  country: 'US',
  report: silentReporter,
}

describe('the recordings', () => {
  let sf: LocalPlatform
  let nyc: LocalPlatform
  beforeAll(async () => {
    sf = await openLocalPlatform()
    nyc = await openLocalPlatform()
  })
  afterAll(async () => {
    await sf.close()
    await nyc.close()
  })

  it('of San Francisco is taken whole, row by row as recorded', async () => {
    const result = await importRecording(sf, SF)
    expect(result).toMatchObject({
      snapshots: 5647,
      stored: 5647,
      rows: 2_912_142,
      refused: 0,
      conflicts: 0,
      days: 42,
    })
    const { rows } = await runSql(sf, {
      city: 'sf',
      query: `select count(*), count(distinct station_id), sum(num_bikes_available), sum(num_docks_available),
        sum(num_ebikes_available), sum(last_reported), sum(last_updated), count(*) filter (where is_renting) from station_status`,
    })
    const sums = { bikes: 0, docks: 0, ebikes: 0, reported: 0, updated: 0, renting: 0 }
    const stations = new Set<string>()
    const columns = {
      last_updated: 'EPOCH',
      station_id: 'VARCHAR',
      num_bikes_available: 'INTEGER',
      num_docks_available: 'INTEGER',
      num_ebikes_available: 'INTEGER',
      is_renting: 'BOOLEAN',
      last_reported: 'EPOCH',
    } as const
    for await (const batch of sf.warehouse.scanFile(SF.status[0] ?? '', columns)) {
      for (let row = 0; row < batch.rows; row++) {
        const value = (name: keyof typeof columns): number => Number(batch.columns[name]?.[row])
        stations.add(String(batch.columns['station_id']?.[row]))
        sums.bikes += value('num_bikes_available')
        sums.docks += value('num_docks_available')
        sums.ebikes += value('num_ebikes_available')
        sums.reported += value('last_reported')
        sums.updated += value('last_updated')
        sums.renting += value('is_renting')
      }
    }
    const { bikes, docks, ebikes, reported, updated, renting } = sums
    expect(rows[0]).toEqual([2_912_142, stations.size, bikes, docks, ebikes, reported, updated, renting])
  })

  it('changes nothing when it is imported again', async () => {
    const before = await filesBelow(sf.root)
    expect(await importRecording(sf, SF)).toMatchObject({
      stored: 0,
      unchanged: 5647,
      information_versions: 0,
    })
    expect(await filesBelow(sf.root)).toEqual(before)
  })

  it('gives the same bytes taken in two parts', async () => {
    const parts = await openLocalPlatform()
    const to = Date.parse('2023-04-05T12:00:00Z') / 1000
    const end = Date.parse('2023-04-07T00:00:00Z') / 1000
    await importRecording(parts, { ...SF, from: to, to: end })
    await importRecording(parts, { ...SF, to })
    const status = (files: Record<string, string>): [string, string][] =>
      Object.entries(files).filter(
        ([key]) =>
          key.startsWith('curated/station_status') && key < 'curated/station_status/city=sf/ds=2023-04-07',
      )
    expect(status(await filesBelow(parts.root))).toEqual(status(await filesBelow(sf.root)))
    await parts.close()
  })

  it('of San Francisco has its gaps told: none over 82 minutes, and more than 100 over 15', async () => {
    const from = Date.parse('2023-04-03T00:23:53Z') / 1000
    const found = await gaps(sf, { city: 'sf', from, to: Date.parse('2023-05-14T23:58:35Z') / 1000 })
    expect(found.length).toBeGreaterThan(100)
    const longest = Math.max(...found.map((gap) => gap.seconds))
    expect(Math.round(longest / 60)).toBe(82)
  })

  it('of New York is taken with its weather', async () => {
    const weather = [shared('nyc_weather.csv'), shared('nyc_weather_forecast.csv')]
    const result = await importRecording(nyc, { ...NYC, weather })
    expect(result).toMatchObject({ snapshots: 819, stored: 819, rows: 1_810_340, refused: 0, conflicts: 0 })
    expect(result.weather_hours).toBeGreaterThan(5000)
  })

  it('of New York, replayed as a feed, fills another lake with the same rows', async () => {
    const other = await openLocalPlatform()
    const client = openFeedClient({ allowPrivate: true, retries: 0 })
    const replay = await startReplay(nyc, { city: 'nyc', from: Date.parse('2024-03-15T12:00:00Z') / 1000 })
    for (let i = 0; i < 12; i++) {
      const now = replay.now() + 1200
      replay.advanceTo(now)
      await ingestOnce(other, {
        city: 'nyc',
        feedUrl: replay.url,
        client,
        weather: { source: 'open-meteo', base: replay.origin },
        now,
        report: silentReporter,
        replayed: true,
      })
    }
    const rowsOf = async (platform: LocalPlatform, times: string) =>
      (
        await runSql(platform, {
          city: 'nyc',
          query: `select * from station_status where ${times} order by 1, 2`,
        })
      ).rows
    const stored = await rowsOf(other, 'true')
    const times = [...new Set(stored.map((row) => row[0]))]
    expect(times.length).toBeGreaterThan(5)
    expect(stored).toEqual(await rowsOf(nyc, `last_updated in (${times.join(', ')})`))
    await client.close()
    await replay.close()
    await other.close()
  })

  it('in raw GBFS files is taken as documents', async () => {
    for (const [city, timezone, stations] of [
      ['sf', 'America/Los_Angeles', 500],
      ['nyc', 'America/New_York', 2000],
    ] as const) {
      const platform = await openLocalPlatform()
      const result = await importRecording(platform, {
        city,
        status: [shared(`${city}_station_status.json.gz`)],
        information: [shared(`${city}_station_information.json.gz`)],
        timezone,
        report: silentReporter,
      })
      expect(result).toMatchObject({ snapshots: 1, stored: 1, refused: 0 })
      expect(result.rows).toBeGreaterThan(stations)
      expect(result.information_versions).toBeGreaterThan(stations)
      await platform.close()
    }
  })
})

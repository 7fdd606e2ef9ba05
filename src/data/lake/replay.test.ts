import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, informationOf, stationsAt, statusBody } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import type { WeatherHour } from '../../core/contracts/station.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { openFeedClient } from '../gbfs/feed-client.ts'
import { parseInformation, parseStatus } from '../gbfs/normalise.ts'
import { parseOpenMeteo } from '../weather/open-meteo.ts'
import { addVersions, readVersions } from './information-versions.ts'
import { ingestOnce } from './ingest.ts'
import { createLake, requireLake } from './lake-info.ts'
import { startReplay, type Replay, type ReplayOptions } from './replay.ts'
import { REPLAY_FAULT_KINDS } from './replay/faults.ts'
import { mergeStatusDay, streamStatus } from './status-day.ts'
import { addWeather } from './store-weather.ts'

const TIMES = [600, 1200, 86_300, 87_000].map((s) => DAY + s)

const weatherHour = (valid_at: EpochSeconds, issued_at: EpochSeconds, temp_c: number): WeatherHour => ({
  valid_at,
  issued_at,
  source: 'test',
  temp_c,
  precip_mm: 0.5,
  wind_kph: 10,
  rhum_pct: 80,
  pres_hpa: 1013,
  wind_dir_deg: 270,
  wind_gust_kph: 20,
  snow_mm: 0,
  weather_code: 61,
})

describe('a replayed lake', () => {
  let lake: LocalPlatform
  let replay: Replay
  beforeEach(async () => {
    lake = await openLocalPlatform()
    await createLake(lake.store, {
      city: 'test',
      timezone: 'America/New_York',
      country: 'US',
      system_name: 'Test Bikes',
      feed_url: null,
      virtual_now: null,
    })
    for (const [ds, times] of [
      ['2024-03-12', TIMES.slice(0, 3)],
      ['2024-03-13', TIMES.slice(3)],
    ] as const)
      await mergeStatusDay(
        lake,
        'test',
        ds,
        times.map((last_updated) => ({ last_updated, stations: stationsAt(last_updated) })),
      )
    const versions = informationOf().map((s) => ({ ...s, valid_from: DAY }))
    await addVersions(lake, 'test', [
      ...versions,
      { ...informationOf(40)[3], valid_from: DAY + 1000 } as (typeof versions)[number],
    ])
  })
  afterEach(async () => {
    await replay.close()
    await lake.close()
  })
  const start = async (options: Partial<ReplayOptions> = {}): Promise<void> => {
    replay = await startReplay(lake, { city: 'test', ...options })
  }
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${replay.origin}${path}`, { headers })
  const bytes = async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await get(path)).arrayBuffer())

  it('serves the newest snapshot at or before its time, and never a later one', async () => {
    await start()
    expect(replay.now()).toBe(TIMES[0])
    for (let at = DAY + 600; at < DAY + DAY_SECONDS + 1000; at += 1733) {
      replay.advanceTo(at)
      const snapshot = parseStatus(await bytes('/station_status.json'))
      expect(snapshot.last_updated).toBe(TIMES.findLast((time) => time <= at))
      expect(snapshot.stations).toEqual(stationsAt(snapshot.last_updated))
    }
    replay.advanceTo(DAY + 599)
    expect((await get('/station_status.json')).status).toBe(404)
  })

  it('serves the information in force at its time', async () => {
    await start()
    const capacityAt = async (at: EpochSeconds) => {
      replay.advanceTo(at)
      return parseInformation(await bytes('/station_information.json')).stations.map((s) => s.capacity)
    }
    expect(new Set(await capacityAt(DAY + 999))).toEqual(new Set([21]))
    expect((await capacityAt(DAY + 1000))[3]).toBe(40)
  })

  it('fills another lake through the ingest of a live feed, in every version, and leaves it its own clock', async () => {
    for (const version of ['1.1', '2.3', '3.0'] as const) {
      await start({ version })
      const other = await openLocalPlatform()
      const client = openFeedClient({ allowPrivate: true, retries: 0 })
      for (const now of TIMES) {
        replay.advanceTo(now)
        const weather = { source: 'none' } as const
        const feedUrl = replay.url
        const options = {
          city: 'test',
          feedUrl,
          client,
          weather,
          now,
          report: silentReporter,
          replayed: true,
        }
        expect(await ingestOnce(other, options)).toMatchObject({ outcome: 'stored', last_updated: now })
      }
      const stored = []
      for await (const { last_updated, stations } of streamStatus(other, 'test', '2024-03-12', '2024-03-13'))
        stored.push([last_updated, stations])
      expect(stored).toEqual(TIMES.map((time) => [time, stationsAt(time)]))
      expect((await readVersions(other, 'test')).get('s003')?.map((v) => v.capacity)).toEqual([21, 40])
      expect(await requireLake(other.store)).toMatchObject({ timezone: 'America/New_York', feed_url: null })
      await client.close()
      await other.close()
      if (version !== '3.0') await replay.close()
    }
  })

  it('answers 304 while nothing changed', async () => {
    await start()
    for (const path of ['/station_status.json', '/station_information.json']) {
      const etag = (await get(path)).headers.get('etag') ?? ''
      expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
      replay.advanceTo(DAY + 1200)
      expect((await get(path, { 'if-none-match': etag })).status).toBe(200)
      replay.advanceTo(DAY + 600)
    }
  })

  it('lets time pass by a clock at a speed', async () => {
    let elapsed = 5
    await start({ from: DAY + 1000, speed: { factor: 60, elapsedSeconds: () => elapsed } })
    expect(parseStatus(await bytes('/station_status.json')).last_updated).toBe(TIMES[0])
    elapsed += 4
    expect(replay.now()).toBe(DAY + 1240)
    expect(parseStatus(await bytes('/station_status.json')).last_updated).toBe(TIMES[1])
    replay.advanceTo(DAY + 700)
    expect(replay.now()).toBe(DAY + 700)
  })

  it('serves weather as known at its time, forecasts issued later left out', async () => {
    await addWeather(lake, 'test', [
      weatherHour(DAY, DAY, 3),
      weatherHour(DAY + 3600, DAY - 7200, 4),
      weatherHour(DAY + 3600, DAY - 3600, 5),
      weatherHour(DAY + 3600, DAY + 3600, 6),
      weatherHour(DAY + 7200, DAY + 1800, 7),
    ])
    await start()
    const at = DAY + 900
    replay.advanceTo(at)
    for (const path of ['/weather', '/v1/forecast?latitude=1']) {
      const hours = parseOpenMeteo(await bytes(path), at)
      expect(hours.map((h) => [h.valid_at, h.issued_at, h.temp_c, h.wind_kph, h.weather_code])).toEqual([
        [DAY, DAY, 3, 10, 61],
        [DAY + 3600, at, 5, 10, 61],
      ])
    }
  })

  it('plants every fault for its time only, and an ingest meets none with a wrong snapshot', async () => {
    for (const kind of REPLAY_FAULT_KINDS) {
      await start({ faults: [{ from: DAY + 700, to: DAY + 1500, kind }] })
      const other = await openLocalPlatform()
      const client = openFeedClient({ allowPrivate: true, retries: 0, timeoutMs: 300 })
      const ingest = async (now: EpochSeconds): Promise<string> => {
        replay.advanceTo(now)
        const common = { city: 'test', feedUrl: replay.url, client, report: silentReporter, replayed: true }
        return ingestOnce(other, { ...common, weather: { source: 'none' }, now }).then(
          (result) => result.outcome,
          (error: unknown) => (error as { code: string }).code,
        )
      }
      expect(await ingest(DAY + 600)).toBe('stored')
      const during = await ingest(DAY + 1200)
      expect(during, `during ${kind}`).toBe(EXPECTED[kind])
      expect(['stored', 'unchanged', 'conflict'], `after ${kind}`).toContain(await ingest(DAY + 1600))
      if (kind !== 'conflict') {
        const stored = []
        for await (const { last_updated, stations } of streamStatus(other, 'test', '2024-03-12'))
          stored.push([last_updated, stations])
        expect(stored, `after ${kind}`).toEqual(TIMES.slice(0, 2).map((time) => [time, stationsAt(time)]))
      }
      await client.close()
      await other.close()
      if (kind !== REPLAY_FAULT_KINDS.at(-1)) await replay.close()
    }
  })

  it('says what there is at another address, and refuses a lake without status', async () => {
    await start()
    expect((await get('/nothing')).status).toBe(404)
    const other = await openLocalPlatform()
    await expect(startReplay(other, { city: 'test' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const taken = Number(new URL(replay.origin).port)
    await expect(startReplay(lake, { city: 'test', port: taken })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    await other.close()
  })
})

/** What an ingest says of the second snapshot, during the fault. */
const EXPECTED = {
  unavailable: 'UNAVAILABLE',
  too_many_requests: 'UNAVAILABLE',
  forbidden: 'UNAVAILABLE',
  html: 'refused',
  truncated: 'refused',
  frozen: 'unchanged',
  stalled: 'UNAVAILABLE',
  duplicates: 'refused',
  conflict: 'stored',
} as const

it('takes a served document for what it is', () => {
  expect(parseStatus(statusBody(DAY)).stations).toEqual(stationsAt(DAY))
})

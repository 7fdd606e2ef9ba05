import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { liveStatusKey } from '../../core/keys.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS, parseDs, type EpochSeconds } from '../../core/time.ts'
import { writeInputs, type FeatureInputs, type StatusRow } from '../../../test/support/feature-lake.ts'
import { crashingAt, filesBelow } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { mergeStatusDay } from '../lake/status-day.ts'
import { buildFeatures, type BuildOptions } from './build.ts'

const DAYS = ['2024-03-09', '2024-03-10', '2024-03-11']
const FROM = parseDs('2024-03-09')
const STATIONS = 12
const ZONE = { timezone: 'America/New_York', country: 'US' }
const OPTIONS: BuildOptions = { city: 'x', ...ZONE, report: silentReporter }

/** A snapshot of a city in which every station is there and its counts follow from the time. */
function snapshot(at: EpochSeconds, change: Partial<StatusRow> = {}): StatusRow[] {
  return Array.from({ length: STATIONS }, (_, i) => ({
    last_updated: at,
    station_id: `s${String(i).padStart(2, '0')}`,
    num_bikes_available: (Math.floor(at / 600) + i) % 20,
    num_docks_available: 19 - ((Math.floor(at / 600) + i) % 20),
    num_bikes_disabled: 0,
    num_docks_disabled: 0,
    is_installed: true,
    is_renting: true,
    is_returning: true,
    ...change,
  }))
}

const times = (from: EpochSeconds, to: EpochSeconds): EpochSeconds[] =>
  Array.from({ length: Math.floor((to - from) / 600) + 1 }, (_, i) => from + 30 + i * 600)

const INFORMATION = Array.from({ length: STATIONS }, (_, i) => ({
  valid_from: FROM - 1000,
  station_id: `s${String(i).padStart(2, '0')}`,
  lat: 40.7 + i / 1000,
  lon: -74,
  capacity: 20,
}))

function inputsOf(status: readonly StatusRow[]): FeatureInputs {
  return { ...ZONE, status, information: INFORMATION, weather: [] }
}

/** Three days, the last until 12:00. */
const WHOLE = inputsOf(times(FROM, FROM + 2.5 * DAY_SECONDS).flatMap((at) => snapshot(at)))

async function withLake(
  inputs: FeatureInputs,
  use: (platform: LocalPlatform) => Promise<void>,
  layout: 'days' | 'live' = 'days',
): Promise<void> {
  const platform = await openLocalPlatform()
  try {
    await writeInputs(platform, 'x', inputs, layout)
    await use(platform)
  } finally {
    await platform.close()
  }
}

const builtDays = async (platform: LocalPlatform, options: Partial<BuildOptions> = {}): Promise<string[]> =>
  (await buildFeatures(platform, { ...OPTIONS, ...options })).days
    .filter(({ built }) => built)
    .map(({ ds }) => ds)

describe('buildFeatures', () => {
  it('builds every day with status, once', async () => {
    await withLake(WHOLE, async (platform) => {
      const { days } = await buildFeatures(platform, OPTIONS)
      expect(days.map(({ ds }) => ds)).toEqual(DAYS)
      // Slots from 00:05, whose state is the snapshot of 00:00:30, until 12:00.
      expect(days.map(({ rows }) => rows / STATIONS)).toEqual([287, 288, 145])
      const before = await filesBelow(platform.root)
      const again = await buildFeatures(platform, OPTIONS)
      expect(again.days).toEqual(days.map((day) => ({ ...day, built: false })))
      expect(await filesBelow(platform.root)).toEqual(before)
    })
  })

  it('keeps to the days asked for', async () => {
    await withLake(WHOLE, async (platform) => {
      const noon = FROM + 1.5 * DAY_SECONDS
      expect(await builtDays(platform, { from: noon, to: noon })).toEqual(['2024-03-10'])
      expect(await builtDays(platform, { from: noon })).toEqual(['2024-03-11'])
      expect(await builtDays(platform)).toEqual(['2024-03-09'])
    })
  })

  it('is done at once where there is no status', async () => {
    const platform = await openLocalPlatform()
    expect(await buildFeatures(platform, OPTIONS)).toEqual({ days: [] })
    await platform.close()
  })

  it('builds a day again with a late snapshot of it, or of the half hour after it', async () => {
    await withLake(WHOLE, async (platform) => {
      await builtDays(platform)
      const add = (at: EpochSeconds): Promise<unknown> =>
        mergeStatusDay(platform, 'x', new Date(at * 1000).toISOString().slice(0, 10), [
          {
            last_updated: at,
            stations: snapshot(at).map((row) => ({ num_ebikes_available: null, last_reported: at, ...row })),
          },
        ])
      await add(FROM + 12 * 3600)
      expect(await builtDays(platform)).toEqual(['2024-03-09', '2024-03-10'])
      await add(FROM + DAY_SECONDS + 600)
      expect(await builtDays(platform)).toEqual(DAYS)
    })
  })

  it('leaves yesterday alone while today goes on, once its first half hour is there', async () => {
    const midnight = FROM + 2 * DAY_SECONDS
    const until = (at: EpochSeconds): FeatureInputs =>
      inputsOf(WHOLE.status.filter((row) => row.last_updated >= midnight - 7200 && row.last_updated <= at))
    await withLake(
      until(midnight + 900),
      async (platform) => {
        const add = async (at: EpochSeconds): Promise<void> => {
          await writeInputs(platform, 'x', { ...inputsOf(snapshot(at)), information: [] }, 'live')
        }
        expect(await builtDays(platform)).toEqual(['2024-03-10', '2024-03-11'])
        await add(midnight + 1230)
        expect(await builtDays(platform)).toEqual(['2024-03-10', '2024-03-11'])
        await add(midnight + 1830)
        expect(await builtDays(platform)).toEqual(['2024-03-10', '2024-03-11'])
        await add(midnight + 2430)
        expect(await builtDays(platform)).toEqual(['2024-03-11'])
        await add(midnight + 3030)
        expect(await builtDays(platform)).toEqual(['2024-03-11'])
        expect(await builtDays(platform)).toEqual([])
      },
      'live',
    )
  })

  it('builds a day again for other information, weather or holidays of its own', async () => {
    await withLake(WHOLE, async (platform) => {
      await builtDays(platform)
      const noon = FROM + 1.5 * DAY_SECONDS
      const change = {
        ...INFORMATION[0],
        station_id: 's00',
        valid_from: noon,
        capacity: 30,
        lat: 40.7,
        lon: -74,
      }
      const none = { ...inputsOf([]), information: [] }
      await writeInputs(platform, 'x', { ...none, information: [change] })
      expect(await builtDays(platform)).toEqual(['2024-03-10', '2024-03-11'])
      const hour = { temp_c: 5, precip_mm: 0, wind_kph: 1, rhum_pct: 50, pres_hpa: 1000 }
      const rest = { wind_dir_deg: 1, wind_gust_kph: 1, snow_mm: 0, weather_code: 1 }
      const weather = [{ valid_at: noon, issued_at: noon, source: 'csv', ...hour, ...rest }]
      await writeInputs(platform, 'x', { ...none, weather })
      expect(await builtDays(platform)).toEqual(['2024-03-10', '2024-03-11'])
      expect(await builtDays(platform, { timezone: 'America/Chicago' })).toEqual(DAYS)
    })
  })

  it('gives the same rows when a day is compacted', async () => {
    const inputs = inputsOf(WHOLE.status.filter((row) => row.last_updated < FROM + 4 * 3600))
    await withLake(
      inputs,
      async (platform) => {
        await builtDays(platform)
        const rows = await platform.store.get('features/city=x/ds=2024-03-09/day.parquet')
        await mergeStatusDay(platform, 'x', '2024-03-09', [])
        for (const at of new Set(inputs.status.map((row) => row.last_updated)))
          await platform.store.delete(liveStatusKey('x', at))
        expect(await builtDays(platform)).toEqual(['2024-03-09'])
        expect(await platform.store.get('features/city=x/ds=2024-03-09/day.parquet')).toEqual(rows)
      },
      'live',
    )
  })

  it('publishes nothing of a day that fails a check, builds the others, and says so with figures', async () => {
    const bad = FROM + DAY_SECONDS
    const status = WHOLE.status.filter(
      (row) =>
        row.last_updated < bad ||
        row.last_updated >= bad + 20 * 3600 ||
        // Every station is left out of every third snapshot.
        (Math.floor(row.last_updated / 600) + Number(row.station_id.slice(1))) % 3 !== 0,
    )
    await withLake(inputsOf(status), async (platform) => {
      const failure = await buildFeatures(platform, OPTIONS).catch((error: unknown) => error)
      expect(isOperatorError(failure, 'CHECK_FAILED') && failure.message).toMatch(
        /1 of 3 days[^]*2024-03-10: delta_bikes_5m is missing without a reason in \d+ of \d+ rows \(\d+\.\d %/,
      )
      expect(await platform.store.folders('features/city=x/')).toEqual(['ds=2024-03-09', 'ds=2024-03-11'])
      expect(await platform.store.folders('features/')).toEqual(['city=x'])
    })
  })

  it('takes gaps, the first hour and new stations as reasons for what is missing', async () => {
    const status = WHOLE.status.filter(({ last_updated, station_id }) => {
      const hour = (last_updated - FROM) / 3600
      const gap = (hour > 5 && hour < 7) || (hour > 10 && hour < 10.4) || (hour > 22 && hour < 25)
      return !gap && (hour > 15 || Number(station_id.slice(1)) < 6)
    })
    await withLake(inputsOf(status), async (platform) => {
      expect(await builtDays(platform)).toEqual(DAYS)
    })
  })

  it('is the same in the end wherever it is killed', async () => {
    const inputs = inputsOf(WHOLE.status.filter((row) => row.last_updated < FROM + DAY_SECONDS + 4 * 3600))
    await withLake(inputs, async (whole) => {
      await buildFeatures(whole, OPTIONS)
      const expected = await filesBelow(whole.root)
      const { writes } = crashingAt(whole, Number.POSITIVE_INFINITY)
      expect(writes()).toBe(0)
      await withLake(inputs, async (platform) => {
        let at = 0
        for (; ; at += 3) {
          const crashing = crashingAt(platform, at % 7)
          const outcome = await buildFeatures(crashing, OPTIONS).then(
            () => 'done',
            () => 'killed',
          )
          if (outcome === 'done') break
        }
        expect(at).toBeGreaterThan(9)
        expect(await filesBelow(platform.root)).toEqual(expected)
      })
    })
  })

  it('ends when it is told to, and goes on from there', async () => {
    await withLake(WHOLE, async (platform) => {
      const abort = new AbortController()
      const report = {
        ...silentReporter,
        start: () => ({ update: () => abort.abort(), end: () => {} }),
      }
      const ended = await buildFeatures(platform, { ...OPTIONS, report, signal: abort.signal }).catch(
        (error: unknown) => error,
      )
      expect(isOperatorError(ended, 'CANCELLED')).toBe(true)
      const rest = await builtDays(platform)
      expect(rest.length).toBeGreaterThan(0)
      expect(rest.length).toBeLessThan(3)
    })
  })

  it('says so when it knows no holidays, and when a day has no row', async () => {
    const warnings: string[] = []
    const report = { ...silentReporter, warn: (message: string) => void warnings.push(message) }
    await withLake({ ...WHOLE, information: [] }, async (platform) => {
      await buildFeatures(platform, { ...OPTIONS, timezone: 'UTC', country: null, report, to: FROM })
    })
    expect(warnings).toEqual([
      'No public holidays are known for UTC: is_holiday is 0 on every day.',
      "2024-03-09 has status but no feature row: no station's information was in force.",
    ])
  })
})

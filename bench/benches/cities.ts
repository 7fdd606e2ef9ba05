import { join } from 'node:path'
import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { openPlatform } from '../harness/platform.ts'

/** Stations of the cities: most systems of the world are small, and a few hold most stations. */
const SIZES = [20, 20, 20, 40, 40, 40, 60, 60, 80, 80, 120, 120, 200, 200, 300, 400, 600, 800, 1200, 2200]
const DAYS = 3
const FROM = Date.UTC(2024, 8, 2) / 1000
const TIMEZONE = 'America/New_York'

interface City {
  readonly name: string
  readonly stations: number
  readonly open: () => ReturnType<typeof openPlatform>
}

/**
 * Features of many cities in one process, one city after the other, as a job that is given a list of cities does: seconds,
 * memory, and bytes by station and day. The baseline is the largest city alone, by its rows.
 */
export async function benchCities({ folder }: BenchContext): Promise<Measurement> {
  const cities: City[] = []
  let statusRows = 0
  for (const [i, stations] of SIZES.entries()) {
    const name = `city-${i}`
    cities.push({ name, stations, open: () => openPlatform(join(folder, 'lakes', name)) })
    statusRows += await fill(folder, cities[i] as City, i)
  }
  const build = async (city: City): Promise<{ rows: number; bytes: number; curated: number }> => {
    const platform = await city.open()
    try {
      const { days } = await buildFeatures(platform, {
        city: city.name,
        timezone: TIMEZONE,
        country: 'US',
        report: silentReporter,
      })
      const bytesOf = async (prefix: string): Promise<number> => {
        let bytes = 0
        for await (const { size } of platform.store.list(prefix)) bytes += size
        return bytes
      }
      return {
        rows: days.reduce((sum, day) => sum + day.rows, 0),
        bytes: await bytesOf('features/'),
        curated: await bytesOf('curated/'),
      }
    } finally {
      await platform.close()
    }
  }
  const built: Awaited<ReturnType<typeof build>>[] = []
  let largest = { seconds: 0, rows: 1 }
  const { seconds } = await timed(async () => {
    for (const city of cities) {
      const one = await timed(() => build(city))
      built.push(one.result)
      largest = { seconds: one.seconds, rows: one.result.rows }
    }
  })
  const rows = built.reduce((sum, one) => sum + one.rows, 0)
  const stationDays = SIZES.reduce((sum, n) => sum + n, 0) * DAYS
  const small = SIZES.flatMap((n, i) => (n <= 60 ? [built[i]?.rows ?? 0] : []))
  return {
    rows,
    row_unit: 'feature rows',
    seconds,
    peak_rss_mb: peakRssMb(),
    baseline: 'the largest city’s seconds a row, for all rows',
    baseline_seconds: (largest.seconds / largest.rows) * rows,
    figures: {
      cities: SIZES.length,
      stations: stationDays / DAYS,
      days: DAYS,
      status_rows: statusRows,
      seconds_a_city_day: seconds / (SIZES.length * DAYS),
      rows_per_second: rows / seconds,
      feature_bytes_a_station_day: built.reduce((sum, one) => sum + one.bytes, 0) / stationDays,
      curated_bytes_a_station_day: built.reduce((sum, one) => sum + one.curated, 0) / stationDays,
      small_cities: small.length,
    },
  }
}

/** A simulated city in a lake of its own; gives its rows of status. */
async function fill(folder: string, city: City, seed: number): Promise<number> {
  const root = join(folder, 'recordings', city.name)
  const recording = await openPlatform(root)
  const lake = await city.open()
  try {
    const written = await writeSimulation(recording.warehouse, {
      stations: city.stations,
      days: DAYS,
      seed: seed + 1,
      from: FROM,
      stepSeconds: 300,
      timezone: TIMEZONE,
      status: 'status.parquet',
      information: 'information.parquet',
      weather: 'weather.parquet',
    })
    await importRecording(lake, {
      city: city.name,
      status: written.status.map(({ key }) => join(root, key)),
      information: [join(root, written.information.key)],
      weather: [join(root, written.weather.key)],
      timezone: TIMEZONE,
      country: 'US',
      from: FROM,
      to: FROM + DAYS * DAY_SECONDS,
      report: silentReporter,
    })
    return written.statusRows
  } finally {
    await recording.close()
    await lake.close()
  }
}

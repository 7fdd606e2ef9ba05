import { join } from 'node:path'
import { silentReporter } from '../../../src/core/report.ts'
import { DAY_SECONDS, dsOf, parseTime } from '../../../src/core/time.ts'
import { importRecording } from '../../../src/data/lake/import.ts'
import { writeSimulation } from '../../../src/data/simulation/write.ts'
import { openLocalPlatform, type LocalPlatform } from '../../support/local-platform.ts'

/** The simulated city that is lived through on both platforms. */
export const CITY = 'one-city'
export const ZONE = { timezone: 'America/New_York', country: 'US' } as const
const STATIONS = 80
const DAYS = 4
/** One whose models are taken, and in whose last day the feed has no gap. */
const SEED = 1

const FROM = parseTime('2024-09-02T00:00:00Z')
/** When the life ends: the recording goes on for an hour, so that outcomes of its last batches are known. */
export const END = FROM + DAYS * DAY_SECONDS - 3600

/** Its days. */
export const DAYS_OF_LIFE = { dsFrom: dsOf(FROM), dsTo: dsOf(END) }

/** A recording in files, and a lake of its last hours that is served as a feed. */
export interface Recorded {
  readonly files: {
    readonly status: readonly string[]
    readonly information: readonly string[]
    readonly weather: readonly string[]
  }
  readonly feed: LocalPlatform
}

/** Simulates the city, once. `liveFrom` is where the feed begins. */
export async function record(liveFrom: number): Promise<Recorded> {
  const feed = await openLocalPlatform()
  const written = await writeSimulation(feed.warehouse, {
    seed: SEED,
    stations: STATIONS,
    days: DAYS,
    from: FROM,
    timezone: ZONE.timezone,
    status: 'recording/status.parquet',
    information: 'recording/information.parquet',
    weather: 'recording/weather.parquet',
  })
  const path = ({ key }: { readonly key: string }): string => join(feed.root, key)
  const files = {
    status: written.status.map(path),
    information: [path(written.information)],
    weather: [path(written.weather)],
  }
  await importRecording(feed, { city: CITY, ...ZONE, ...files, from: liveFrom, report: silentReporter })
  return { files, feed }
}

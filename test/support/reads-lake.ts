import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CitySource } from '../../src/app/server/city-source.ts'
import { closeReads } from '../../src/app/server/read/read-cache.ts'
import { configSchema } from '../../src/core/config/schema.ts'
import { TABLE_SCHEMAS } from '../../src/core/contracts/tables.ts'
import { dayKey } from '../../src/core/keys.ts'
import { silentReporter } from '../../src/core/report.ts'
import { dsOf, type EpochSeconds } from '../../src/core/time.ts'
import { createLake } from '../../src/data/lake/lake-info.ts'
import { composePlatform } from '../../src/platform/compose.ts'
import type { Warehouse } from '../../src/platform/ports.ts'
import { CITY, START, TIMEZONE } from './quality-lake.ts'

/** A real lake of the city `demo` in a folder of its own, as the dashboard gets it. */
export interface ReadsLake {
  readonly source: CitySource
  readonly root: string
  /** What the lake's clock says. */
  readonly setNow: (now: EpochSeconds) => void
  readonly close: () => Promise<void>
}

/** Opens one that holds nothing but lake.json, or what is below `root` already; at `START`. */
export async function openReadsLake(root?: string): Promise<ReadsLake> {
  const folder = root ?? (await mkdtemp(join(tmpdir(), 'bikeshare-reads-')))
  let now = START
  let elapsed = 0
  const config = configSchema.parse({})
  const platform = await composePlatform(config, {
    root: folder,
    clock: () => now,
    env: process.env,
    elapsedMs: () => elapsed++,
    random: () => 0.5,
    report: silentReporter,
  })
  const info = await createLake(platform.store, {
    city: CITY,
    timezone: TIMEZONE,
    country: 'CA',
    system_name: null,
    feed_url: null,
    virtual_now: START,
  })
  const source: CitySource = { name: CITY, platform, info, config, now: () => now, virtual: true }
  return {
    source,
    root: folder,
    setNow: (t) => {
      now = t
    },
    async close() {
      await closeReads(source)
      await platform.close()
      if (root === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One version of a station's information; what is left out is made up. */
export interface StationVersion {
  readonly station_id: string
  readonly valid_from?: EpochSeconds
  readonly name?: string
  readonly capacity?: number | null
  readonly lat?: number
  readonly lon?: number
}

/** Writes versions of stations, all of a day in one file. */
export async function writeInformation(
  warehouse: Warehouse,
  versions: readonly StationVersion[],
): Promise<void> {
  const rows = versions.map((version, i) => ({
    valid_from: START - 100_000,
    name: version.station_id,
    short_name: null,
    lat: 45.5 + i / 500,
    lon: -73.6,
    capacity: 10,
    region_id: null,
    ...version,
  }))
  for (const ds of new Set(rows.map(({ valid_from }) => dsOf(valid_from)))) {
    const day = rows.filter(({ valid_from }) => dsOf(valid_from) === ds)
    await warehouse.writeRows(
      dayKey('station_information', CITY, ds),
      TABLE_SCHEMAS.station_information.map(({ name, type }) => ({
        name,
        type,
        values: day.map((row) => row[name as keyof typeof row]),
      })),
    )
  }
}

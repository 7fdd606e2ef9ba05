import { canonicalJson, sha256 } from '../../core/hash.ts'
import { DATASETS, dayKey } from '../../core/keys.ts'
import { DAY_SECONDS, dsOf, parseDs } from '../../core/time.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { readVersions, versionAt, type InformationVersion } from '../lake/information-versions.ts'
import { atOnce, FILES_AT_ONCE } from './at-once.ts'
import { tableColumns } from './columns.ts'
import { parquetContents } from './contents.ts'
import { HISTORY_SECONDS } from './feature-statement.ts'
import { readMarker, writeMarker } from './marker.ts'
import { ensureNeighbours } from './neighbours.ts'

/** Raised when the same information is to give other tables. */
const FORMAT = 1

/**
 * Brings `stations` and `neighbours` up to date for these days. A day is written again only when information that holds
 * on it or before it changed.
 */
export async function ensureStationTables(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  days: readonly string[],
): Promise<void> {
  const hashes = await inputHashes(platform.store, city, days)
  const stale: string[] = []
  for (const ds of days)
    if ((await readMarker(platform.store, 'stations', city, ds))?.inputs_sha256 !== hashes.get(ds))
      stale.push(ds)
  const [first, last] = [stale[0], stale.at(-1)]
  if (first === undefined || last === undefined) return

  const versions = await readVersions(platform, city)
  const reach = dsOf(parseDs(first) - HISTORY_SECONDS)
  await ensureNeighbours(platform, city, [...versions.values()].flat(), reach, last)
  // The markers of the days come last: a killed run leaves them stale.
  await atOnce(stale, FILES_AT_ONCE, async (ds) => {
    const rows = stationsOfDay(versions.values(), ds)
    const { sha256: hash } = await platform.warehouse.writeRows(
      dayKey('stations', city, ds),
      tableColumns('stations', rows),
    )
    await writeMarker(platform.store, 'stations', city, ds, {
      inputs_sha256: hashes.get(ds) ?? '',
      rows: rows.length,
      sha256: hash,
    })
  })
}

/** The versions in force at some time from 75 min before the day until its end, by (valid_from, station_id). */
export function stationsOfDay(
  stations: Iterable<readonly InformationVersion[]>,
  ds: string,
): InformationVersion[] {
  const start = parseDs(ds) - HISTORY_SECONDS
  const end = parseDs(ds) + DAY_SECONDS
  const rows: InformationVersion[] = []
  for (const versions of stations) {
    const first = versionAt(versions, start)
    if (first) rows.push(first)
    rows.push(...versions.filter(({ valid_from }) => valid_from > start && valid_from < end))
  }
  return rows.sort((a, b) => a.valid_from - b.valid_from || (a.station_id < b.station_id ? -1 : 1))
}

/** By day, a hash of all information that may hold on it. `days` are in order. */
async function inputHashes(
  store: ObjectStore,
  city: string,
  days: readonly string[],
): Promise<Map<string, string>> {
  const prefix = `${DATASETS.station_information}/city=${city}/`
  const information = (await parquetContents(store, prefix)).map(({ key, sha256 }) => ({
    ds: key.slice(prefix.length + 'ds='.length).split('/')[0] ?? '',
    sha256,
  }))
  const hashes = new Map<string, string>()
  for (const ds of days) {
    const inputs = information.filter((file) => file.ds <= ds)
    hashes.set(ds, sha256(canonicalJson({ format: FORMAT, inputs })))
  }
  return hashes
}

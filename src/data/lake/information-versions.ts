import type { StationInformation } from '../../core/contracts/station.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { wholeTable } from './days.ts'
import type { LakeParts } from './publish.ts'
import { addRows, type RowKeys } from './small-days.ts'

/** What a station was from `valid_from` on, until its next version. */
export interface InformationVersion extends StationInformation {
  readonly valid_from: EpochSeconds
}

const KEYS: RowKeys<InformationVersion> = {
  dataset: 'station_information',
  dayOf: (version) => version.valid_from,
  keyOf: (version) => JSON.stringify([version.valid_from, version.station_id]),
  compare: (a, b) => a.valid_from - b.valid_from || compareText(a.station_id, b.station_id),
}

/** Every version of every station, each station's in order of time. */
export async function readVersions(
  platform: LakeParts,
  city: string,
): Promise<Map<string, InformationVersion[]>> {
  const information = await wholeTable(platform.store, 'station_information', city)
  const rows = information
    ? await platform.warehouse.rows<InformationVersion>({
        name: 'information-versions',
        sql: 'select * from information order by valid_from, station_id',
        tables: { information },
      })
    : []
  const byStation = new Map<string, InformationVersion[]>()
  for (const row of rows) append(byStation, row)
  return byStation
}

/** The version in force at `at`: the newest with `valid_from` not after it. `versions` are in order of time. */
export function versionAt(
  versions: readonly InformationVersion[] | undefined,
  at: EpochSeconds,
): InformationVersion | undefined {
  return versions?.findLast((version) => version.valid_from <= at)
}

/** True when both say the same of a station, whenever they were valid. */
export function sameInformation(a: StationInformation, b: StationInformation): boolean {
  return (
    a.name === b.name &&
    a.short_name === b.short_name &&
    a.lat === b.lat &&
    a.lon === b.lon &&
    a.capacity === b.capacity &&
    a.region_id === b.region_id
  )
}

/**
 * Adds versions, each only where it says something else than the version before it; one that is there stays.
 * Returns how many were added. Half done and run again, it ends the same.
 */
export async function addVersions(
  platform: LakeParts,
  city: string,
  incoming: readonly InformationVersion[],
): Promise<number> {
  const present = await readVersions(platform, city)
  return addRows(platform, city, KEYS, changesIn(present, incoming))
}

/** The incoming versions that are new and differ from the one before them, among all that are known. */
export function changesIn(
  present: ReadonlyMap<string, readonly InformationVersion[]>,
  incoming: readonly InformationVersion[],
): InformationVersion[] {
  const byStation = new Map<string, InformationVersion[]>()
  for (const version of incoming) append(byStation, version)
  const changes: InformationVersion[] = []
  for (const [id, versions] of byStation) {
    const known = present.get(id) ?? []
    const times = new Set(known.map((version) => version.valid_from))
    const news = new Set<InformationVersion>()
    for (const version of versions) {
      // Of two at one time the first counts, as it does when it is in the lake already.
      if (!times.has(version.valid_from)) news.add(version)
      times.add(version.valid_from)
    }
    const timeline = [...known, ...news].sort((a, b) => a.valid_from - b.valid_from)
    timeline.forEach((version, i) => {
      const before = timeline[i - 1]
      if (news.has(version) && !(before && sameInformation(before, version))) changes.push(version)
    })
  }
  return changes
}

function append(byStation: Map<string, InformationVersion[]>, version: InformationVersion): void {
  const versions = byStation.get(version.station_id)
  if (versions) versions.push(version)
  else byStation.set(version.station_id, [version])
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

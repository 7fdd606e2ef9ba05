import type { InformationSnapshot } from '../../../core/contracts/station.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { readVersions, versionAt } from '../information-versions.ts'
import type { LakeParts } from '../publish.ts'

/** The information in force at a time, as a snapshot; `last_updated` is when the newest version of it began. */
export type InformationTimeline = (
  at: EpochSeconds,
) => Pick<InformationSnapshot, 'last_updated' | 'stations'> | undefined

/** Opens the timeline; all versions are kept in memory. */
export async function openInformationTimeline(lake: LakeParts, city: string): Promise<InformationTimeline> {
  const byStation = [...(await readVersions(lake, city)).values()]
  const times = [...new Set(byStation.flat().map((version) => version.valid_from))].sort((a, b) => a - b)
  let known: { last_updated: EpochSeconds; stations: InformationSnapshot['stations'] } | undefined
  return (at) => {
    const last_updated = times.findLast((time) => time <= at)
    if (last_updated === undefined) return undefined
    if (known?.last_updated !== last_updated) {
      const stations = byStation
        .map((versions) => versionAt(versions, last_updated))
        .filter((version) => version !== undefined)
        .sort((a, b) => (a.station_id < b.station_id ? -1 : 1))
      known = { last_updated, stations }
    }
    return known
  }
}

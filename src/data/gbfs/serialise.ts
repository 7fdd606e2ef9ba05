import type {
  InformationSnapshot,
  StationInformation,
  StationStatus,
  StatusSnapshot,
} from '../../core/contracts/station.ts'
import { type EpochSeconds, isoOf } from '../../core/time.ts'
import type { FeedName } from './discovery.ts'

/** The GBFS versions that can be written; one of each major version. */
export type GbfsVersion = '1.1' | '2.3' | '3.0'

/** One document of a system. Stations set aside are not written. */
export type GbfsContent =
  | { readonly kind: 'station_status'; readonly snapshot: Omit<StatusSnapshot, 'quarantined' | 'version'> }
  | {
      readonly kind: 'station_information'
      readonly snapshot: Omit<InformationSnapshot, 'quarantined' | 'version'>
    }
  | {
      readonly kind: 'system_information'
      readonly last_updated: EpochSeconds
      readonly ttl: number
      readonly system: { readonly system_id: string; readonly name: string | null; readonly timezone: string }
    }
  | {
      readonly kind: 'gbfs'
      readonly last_updated: EpochSeconds
      readonly ttl: number
      readonly feeds: Readonly<Partial<Record<FeedName, string>>>
    }

/**
 * A document as a feed of that version publishes it, in UTF-8 JSON. Reading it back gives the same snapshot: what a version
 * has no field for (e-bikes) is written under the name that feeds use for it. Language is "en".
 */
export function toGbfs(version: GbfsVersion, content: GbfsContent): Uint8Array {
  const from = content.kind === 'gbfs' || content.kind === 'system_information' ? content : content.snapshot
  return new TextEncoder().encode(
    JSON.stringify({
      last_updated: timeIn(version, from.last_updated),
      ttl: from.ttl,
      version,
      data: dataOf(version, content),
    }),
  )
}

const LANGUAGE = 'en'

function dataOf(version: GbfsVersion, content: GbfsContent): Readonly<Record<string, unknown>> {
  if (content.kind === 'station_status') {
    return { stations: content.snapshot.stations.map((station) => statusIn(version, station)) }
  }
  if (content.kind === 'station_information') {
    return { stations: content.snapshot.stations.map((station) => informationIn(version, station)) }
  }
  if (content.kind === 'system_information') return systemIn(version, content.system)
  const feeds = Object.entries(content.feeds).map(([name, url]) => ({ name, url }))
  return version === '3.0' ? { feeds } : { [LANGUAGE]: { feeds } }
}

function statusIn(version: GbfsVersion, station: StationStatus): unknown {
  const thing = version === '3.0' ? 'vehicles' : 'bikes'
  const flag = (value: boolean) => (version === '1.1' ? Number(value) : value)
  return withoutNulls({
    station_id: station.station_id,
    [`num_${thing}_available`]: station.num_bikes_available,
    [`num_${thing}_disabled`]: station.num_bikes_disabled,
    num_docks_available: station.num_docks_available,
    num_docks_disabled: station.num_docks_disabled,
    num_ebikes_available: station.num_ebikes_available,
    is_installed: flag(station.is_installed),
    is_renting: flag(station.is_renting),
    is_returning: flag(station.is_returning),
    last_reported: timeIn(version, station.last_reported),
  })
}

function informationIn(version: GbfsVersion, station: StationInformation): unknown {
  return withoutNulls({
    station_id: station.station_id,
    name: textIn(version, station.name),
    short_name: textIn(version, station.short_name),
    lat: station.lat,
    lon: station.lon,
    capacity: station.capacity,
    region_id: station.region_id,
  })
}

function systemIn(
  version: GbfsVersion,
  system: { readonly system_id: string; readonly name: string | null; readonly timezone: string },
): Readonly<Record<string, unknown>> {
  const language = version === '3.0' ? { languages: [LANGUAGE] } : { language: LANGUAGE }
  return withoutNulls({ ...language, ...system, name: textIn(version, system.name) })
}

function timeIn(version: GbfsVersion, time: EpochSeconds): number | string {
  return version === '3.0' ? isoOf(time) : time
}

function textIn(version: GbfsVersion, text: string | null): unknown {
  return version === '3.0' && text !== null ? [{ text, language: LANGUAGE }] : text
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

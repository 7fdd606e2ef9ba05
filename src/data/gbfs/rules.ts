import type {
  QuarantinedStation,
  QuarantineReason,
  StationInformation,
  StationStatus,
  StatusSnapshot,
} from '../../core/contracts/station.ts'
import { collect } from './collect.ts'
import { cleanText, describeValue, isStationId } from './text.ts'
import { decimalOf, flagOf, integerOf, LATEST_TIME, timeOf } from './values.ts'

/** No station has more bikes, docks or places than this. */
export const MAX_COUNT = 2000
/** A city with fewer valid stations in one snapshot is refused: the feed is broken, or too small to learn from. */
export const MIN_STATIONS = 10
/** Greatest share of stations set aside in a batch that is taken. */
export const MAX_QUARANTINED_SHARE = 0.2
/** Greatest share of valid stations with an old last_reported in a batch that is taken. */
export const MAX_STALE_SHARE = 0.2
/** A station that has not reported for longer than this is stale. */
export const STALE_SECONDS = 6 * 3600

/** One station of a status feed or a recording, its names resolved to these and nothing checked yet. */
export interface StatusRecord {
  readonly station_id: unknown
  readonly num_bikes_available: unknown
  readonly num_docks_available: unknown
  readonly num_bikes_disabled?: unknown
  readonly num_docks_disabled?: unknown
  readonly num_ebikes_available?: unknown
  readonly is_installed: unknown
  readonly is_renting: unknown
  readonly is_returning: unknown
  readonly last_reported: unknown
}

/** One station of an information feed or a recording, its names resolved to these and nothing checked yet. */
export interface InformationRecord {
  readonly station_id: unknown
  readonly name?: unknown
  readonly short_name?: unknown
  readonly lat: unknown
  readonly lon: unknown
  readonly capacity?: unknown
  readonly region_id?: unknown
}

/** True when a station was set aside rather than taken. */
export function isQuarantined(
  judged: StationStatus | StationInformation | QuarantinedStation,
): judged is QuarantinedStation {
  return 'reason' in judged
}

/**
 * The station rules of a status: an id that can be one, counts within 0..2000, flags that say yes or no, last_reported
 * above zero. The three disabled and e-bike counts may be missing (null); the others may not. A dock count is missing by
 * right only where docks are unlimited (a virtual station): such a station cannot run out of docks, has no share of docks
 * in use either, and is set aside as malformed.
 */
export function judgeStatus(record: StatusRecord): StationStatus | QuarantinedStation {
  const id = idOf(record.station_id)
  if (typeof id !== 'string') return id
  const bikes = integerOf(record.num_bikes_available)
  if (!isCount(bikes)) return badCount(id, 'num_bikes_available', record.num_bikes_available)
  const docks = integerOf(record.num_docks_available)
  if (!isCount(docks)) return badCount(id, 'num_docks_available', record.num_docks_available)
  const bikesDisabled = optionalCount(record.num_bikes_disabled)
  if (bikesDisabled === undefined) return badCount(id, 'num_bikes_disabled', record.num_bikes_disabled)
  const docksDisabled = optionalCount(record.num_docks_disabled)
  if (docksDisabled === undefined) return badCount(id, 'num_docks_disabled', record.num_docks_disabled)
  const ebikes = optionalCount(record.num_ebikes_available)
  if (ebikes === undefined) return badCount(id, 'num_ebikes_available', record.num_ebikes_available)
  const installed = flagOf(record.is_installed)
  if (installed === undefined) return setAside(id, 'malformed', 'is_installed', record.is_installed)
  const renting = flagOf(record.is_renting)
  if (renting === undefined) return setAside(id, 'malformed', 'is_renting', record.is_renting)
  const returning = flagOf(record.is_returning)
  if (returning === undefined) return setAside(id, 'malformed', 'is_returning', record.is_returning)
  const reported = timeOf(record.last_reported)
  if (reported === undefined || reported <= 0 || reported > LATEST_TIME) {
    return setAside(id, 'last_reported_invalid', 'last_reported', record.last_reported)
  }
  return {
    station_id: id,
    num_bikes_available: bikes,
    num_docks_available: docks,
    num_bikes_disabled: bikesDisabled,
    num_docks_disabled: docksDisabled,
    num_ebikes_available: ebikes,
    is_installed: installed,
    is_renting: renting,
    is_returning: returning,
    last_reported: reported,
  }
}

/**
 * The station rules of an information entry: an id that can be one, a position on Earth other than 0,0, a capacity within
 * 0..2000 or none. Names are cleaned and cut, never a reason to refuse; a station without a name goes by its id.
 */
export function judgeInformation(record: InformationRecord): StationInformation | QuarantinedStation {
  const id = idOf(record.station_id)
  if (typeof id !== 'string') return id
  const lat = decimalOf(record.lat)
  const lon = decimalOf(record.lon)
  if (
    lat === undefined ||
    lon === undefined ||
    Math.abs(lat) > 90 ||
    Math.abs(lon) > 180 ||
    (lat === 0 && lon === 0)
  ) {
    const detail = `lat ${describeValue(record.lat, 20)}, lon ${describeValue(record.lon, 20)}`
    return { station_id: id, reason: 'position_invalid', detail }
  }
  const capacity = optionalCount(record.capacity)
  if (capacity === undefined) return setAside(id, 'capacity_invalid', 'capacity', record.capacity)
  return {
    station_id: id,
    name: labelOf(record.name) ?? id,
    short_name: labelOf(record.short_name),
    lat,
    lon,
    capacity,
    region_id: labelOf(record.region_id),
  }
}

/**
 * Judges every record; of an id listed twice the newest last_reported stays and the others are set aside. Stations come
 * ordered by station_id (UTF-16 units); the result does not depend on the order of the records.
 */
export function collectStatus(records: Iterable<StatusRecord>): {
  stations: StationStatus[]
  quarantined: QuarantinedStation[]
} {
  return collect(records, judgeStatus, (station) => station.last_reported)
}

/** The same for information entries, which carry no time: of an id listed twice the first in the order of their text stays. */
export function collectInformation(records: Iterable<InformationRecord>): {
  stations: StationInformation[]
  quarantined: QuarantinedStation[]
} {
  return collect(records, judgeInformation, () => 0)
}

/**
 * The batch rules, in this order: at least 10 valid stations; at most 20 % of all stations set aside; at most 20 % of the
 * valid ones silent for more than 6 h at `last_updated`. Undefined when the batch is taken.
 */
export function judgeBatch(
  snapshot: StatusSnapshot,
): { reason: 'too_few_stations' | 'too_many_quarantined' | 'too_many_stale'; detail: string } | undefined {
  const valid = snapshot.stations.length
  const setAsideCount = snapshot.quarantined.length
  if (valid < MIN_STATIONS) {
    const detail = `${valid} valid stations (${setAsideCount} set aside), at least ${MIN_STATIONS} needed`
    return { reason: 'too_few_stations', detail }
  }
  if (setAsideCount > MAX_QUARANTINED_SHARE * (valid + setAsideCount)) {
    const detail = `${setAsideCount} of ${valid + setAsideCount} stations set aside (${commonReasons(snapshot.quarantined)})`
    return { reason: 'too_many_quarantined', detail }
  }
  let stale = 0
  for (const station of snapshot.stations) {
    if (snapshot.last_updated - station.last_reported > STALE_SECONDS) stale++
  }
  if (stale > MAX_STALE_SHARE * valid) {
    const detail = `${stale} of ${valid} stations have not reported for more than ${STALE_SECONDS / 3600} h`
    return { reason: 'too_many_stale', detail }
  }
  return undefined
}

function commonReasons(quarantined: readonly QuarantinedStation[]): string {
  const counts = new Map<QuarantineReason, number>()
  for (const { reason } of quarantined) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return ordered.map(([reason, n]) => `${n} ${reason}`).join(', ')
}

function isCount(n: number | undefined): n is number {
  return n !== undefined && n >= 0 && n <= MAX_COUNT
}

/** Null when there is none, undefined when it cannot be one. */
function optionalCount(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null
  const n = integerOf(value)
  return isCount(n) ? n : undefined
}

function badCount(id: string, field: string, value: unknown): QuarantinedStation {
  return setAside(id, integerOf(value) === undefined ? 'malformed' : 'count_out_of_range', field, value)
}

function setAside(id: string, reason: QuarantineReason, field: string, value: unknown): QuarantinedStation {
  return { station_id: id, reason, detail: `${field} ${describeValue(value)}` }
}

/** Some feeds give ids as numbers; the id is then its decimal text, as in the feed's other documents. */
function idOf(value: unknown): string | QuarantinedStation {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof id === 'string' && isStationId(id)) return id
  if (id === undefined || id === null || id === '') {
    return { station_id: '', reason: 'missing_station_id', detail: `station_id ${describeValue(id)}` }
  }
  const shown = typeof id === 'string' ? cleanText(id, 60) : ''
  return { station_id: shown, reason: 'malformed', detail: `station_id ${describeValue(id)}` }
}

function labelOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'string') return null
  const text = cleanText(value)
  return text === '' ? null : text
}

import type { EpochSeconds } from '../time.ts'

/** One station of a status snapshot, whatever the GBFS version; also one row of the curated lake. */
export interface StationStatus {
  readonly station_id: string
  readonly num_bikes_available: number
  readonly num_docks_available: number
  readonly num_bikes_disabled: number | null
  readonly num_docks_disabled: number | null
  readonly num_ebikes_available: number | null
  readonly is_installed: boolean
  readonly is_renting: boolean
  readonly is_returning: boolean
  readonly last_reported: EpochSeconds
}

/** A status feed at one moment. */
export interface StatusSnapshot {
  readonly last_updated: EpochSeconds
  /** Seconds until the feed changes, as it says itself; 0 means always refresh. */
  readonly ttl: number
  /** GBFS version as declared, e.g. "2.3". */
  readonly version: string
  /** Valid stations, ordered by station_id. */
  readonly stations: readonly StationStatus[]
  /** Stations set aside, each with its reason. */
  readonly quarantined: readonly QuarantinedStation[]
}

/** A station that was not taken, and why. */
export interface QuarantinedStation {
  readonly station_id: string
  readonly reason: QuarantineReason
  /** The offending value, shortened. */
  readonly detail: string
}

export type QuarantineReason =
  | 'duplicate_station_id'
  | 'missing_station_id'
  | 'count_out_of_range'
  | 'last_reported_invalid'
  | 'position_invalid'
  | 'capacity_invalid'
  | 'malformed'

/** One station of an information feed; also one row of the curated lake (with `valid_from`). */
export interface StationInformation {
  readonly station_id: string
  readonly name: string
  readonly short_name: string | null
  readonly lat: number
  readonly lon: number
  /** Docks in all; null when the feed has none. */
  readonly capacity: number | null
  readonly region_id: string | null
}

/** An information feed at one moment. */
export interface InformationSnapshot {
  readonly last_updated: EpochSeconds
  readonly ttl: number
  readonly version: string
  readonly stations: readonly StationInformation[]
  readonly quarantined: readonly QuarantinedStation[]
}

/** One hour of weather, observed (`issued_at` = `valid_at`) or forecast (`issued_at` before it). */
export interface WeatherHour {
  readonly valid_at: EpochSeconds
  readonly issued_at: EpochSeconds
  readonly source: string
  readonly temp_c: number | null
  readonly precip_mm: number | null
  readonly wind_kph: number | null
  readonly rhum_pct: number | null
  readonly pres_hpa: number | null
  readonly wind_dir_deg: number | null
  readonly wind_gust_kph: number | null
  readonly snow_mm: number | null
  /** WMO 4677 */
  readonly weather_code: number | null
}

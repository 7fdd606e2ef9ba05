import { FEATURE_NAMES, type FeatureName } from '../../src/core/contracts/features.ts'
import type { WeatherHour } from '../../src/core/contracts/station.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import type { FeatureInputs, InformationRow, StatusRow } from './feature-lake.ts'

/** What the definitions say of one station at one slot. */
export interface ReferenceRow {
  readonly slot: EpochSeconds
  readonly station_id: string
  readonly state_at: EpochSeconds
  readonly capacity: number | null
  readonly bikes: number
  readonly docks: number
  readonly usable_bikes: boolean
  readonly usable_docks: boolean
  readonly features: Readonly<Record<FeatureName, number | null>>
  /** How far `nbr_*` may be off, since weights are whole parts per billion and utilisations parts per million. */
  readonly nbr_tolerance: number
  readonly target_bikes_t30: number | null
  readonly target_docks_t30: number | null
  readonly y_stockout_bikes_30: number | null
  readonly y_stockout_docks_30: number | null
}

const WEATHER = [
  'temp_c',
  'precip_mm',
  'wind_kph',
  'rhum_pct',
  'pres_hpa',
  'wind_dir_deg',
  'wind_gust_kph',
  'snow_mm',
  'weather_code',
] as const satisfies readonly (keyof WeatherHour)[]

/**
 * A slow, direct reading of the definitions of contract v1: one station, one slot, one feature at a time, by looking
 * through everything. Undefined where there is no row. `nbr_*` are exact means, which the stored weights come near.
 */
export function referenceRow(
  inputs: FeatureInputs,
  station_id: string,
  slot: EpochSeconds,
): ReferenceRow | undefined {
  const all = inputs.status.map((row) => row.last_updated)
  const last = Math.max(...all)
  const snapshotAt = (at: EpochSeconds): EpochSeconds | undefined => {
    if (at > last) return undefined
    const times = all.filter((t) => t <= at && t >= at - 15 * 60)
    return times.length === 0 ? undefined : Math.max(...times)
  }
  const stateAt = (at: EpochSeconds, id = station_id): StatusRow | undefined => {
    const newest = snapshotAt(at)
    return inputs.status.find((row) => row.last_updated === newest && row.station_id === id)
  }
  const bikesAt = (at: EpochSeconds): number | undefined => stateAt(at)?.num_bikes_available
  const docksAt = (at: EpochSeconds): number | undefined => stateAt(at)?.num_docks_available

  const now = stateAt(slot)
  if (now === undefined) return undefined
  const information = informationAt(inputs, station_id, now.last_updated)
  if (information === undefined) return undefined

  const change = (before: number | undefined, after: number): number | null =>
    before === undefined ? null : after - before
  const mean = (minutes: number): number | null => {
    const known: number[] = []
    for (let at = slot; at > slot - minutes * 60; at -= 300) {
      const bikes = bikesAt(at)
      if (bikes !== undefined) known.push(bikes)
    }
    return known.length < minutes / 5 / 2 ? null : known.reduce((a, b) => a + b, 0) / known.length
  }
  const near = neighboursAt(inputs, information, now.last_updated)
  let share = 1
  const around = (count: 'num_bikes_available' | 'num_docks_available'): number | null => {
    let [weights, sum] = [0, 0]
    for (const { id, weight } of near) {
      const state = stateAt(slot, id)
      const theirs = state && capacityOf(informationAt(inputs, id, now.last_updated), state)
      if (!state?.is_installed || !theirs) continue
      weights += weight
      sum += weight * Math.min(1, state[count] / theirs)
    }
    share = weights / near.reduce((total, { weight }) => total + weight, 0)
    return weights === 0 ? null : sum / weights
  }
  const capacity = capacityOf(information, now)
  const local = localTime(slot, inputs.timezone)
  const features: Record<string, number | null> = {
    util_bikes: capacity === null ? null : Math.min(1, now.num_bikes_available / capacity),
    util_docks: capacity === null ? null : Math.min(1, now.num_docks_available / capacity),
    delta_bikes_5m: change(bikesAt(slot - 300), now.num_bikes_available),
    delta_docks_5m: change(docksAt(slot - 300), now.num_docks_available),
    roll15_net_bikes: change(bikesAt(slot - 15 * 60), now.num_bikes_available),
    roll30_net_bikes: change(bikesAt(slot - 30 * 60), now.num_bikes_available),
    roll60_net_bikes: change(bikesAt(slot - 60 * 60), now.num_bikes_available),
    roll15_bikes_mean: mean(15),
    roll30_bikes_mean: mean(30),
    roll60_bikes_mean: mean(60),
    nbr_bikes_weighted: around('num_bikes_available'),
    nbr_docks_weighted: around('num_docks_available'),
    hour: local.hour,
    dow: local.dow,
    is_weekend: local.dow >= 5 ? 1 : 0,
    is_holiday: 0,
  }
  const weather = weatherAt(inputs, slot)
  for (const name of WEATHER) features[name] = weather?.[name] ?? null

  const target_bikes_t30 = bikesAt(slot + 30 * 60) ?? null
  const target_docks_t30 = docksAt(slot + 30 * 60) ?? null
  const label = (count: number | null): number | null => (count === null ? null : count <= 2 ? 1 : 0)
  return {
    slot,
    station_id,
    state_at: now.last_updated,
    capacity,
    bikes: now.num_bikes_available,
    docks: now.num_docks_available,
    usable_bikes: now.is_installed && now.is_renting,
    usable_docks: now.is_installed && now.is_returning,
    features: Object.fromEntries(FEATURE_NAMES.map((name) => [name, features[name] ?? null])) as Record<
      FeatureName,
      number | null
    >,
    nbr_tolerance: 1.1e-6 + 5e-9 / share,
    target_bikes_t30,
    target_docks_t30,
    y_stockout_bikes_30: label(target_bikes_t30),
    y_stockout_docks_30: label(target_docks_t30),
  }
}

function informationAt(inputs: FeatureInputs, id: string, at: EpochSeconds): InformationRow | undefined {
  let newest: InformationRow | undefined
  for (const row of inputs.information)
    if (row.station_id === id && row.valid_from <= at && (!newest || row.valid_from > newest.valid_from))
      newest = row
  return newest
}

function capacityOf(information: InformationRow | undefined, state: StatusRow): number | null {
  if (information === undefined) return null
  if (information.capacity !== null && information.capacity > 0) return information.capacity
  const counted =
    state.num_bikes_available +
    state.num_docks_available +
    (state.num_bikes_disabled ?? 0) +
    (state.num_docks_disabled ?? 0)
  return counted > 0 ? counted : null
}

function neighboursAt(
  inputs: FeatureInputs,
  of: InformationRow,
  at: EpochSeconds,
): { id: string; weight: number }[] {
  const ids = [...new Set(inputs.information.map((row) => row.station_id))]
  const others = ids
    .map((id) => informationAt(inputs, id, at))
    .filter((row) => row !== undefined && row.station_id !== of.station_id && row.capacity !== 0)
    .flatMap((row) => (row ? [{ id: row.station_id, km: distanceKm(of, row) }] : []))
    .sort((a, b) => a.km - b.km || (a.id < b.id ? -1 : 1))
  const within = others.filter(({ km }) => km <= 0.8)
  const chosen = (within.length > 0 ? within : others).slice(0, 5)
  return chosen.map(({ id, km }) => ({ id, weight: 1 / (km + 1e-6) }))
}

/** By the cosine of the angle between the two directions from the earth's centre, as a check on the haversine formula. */
function distanceKm(a: InformationRow, b: InformationRow): number {
  const direction = ({ lat, lon }: InformationRow): [number, number, number] => {
    const [p, l] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180]
    return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)]
  }
  const [u, v] = [direction(a), direction(b)]
  const chord = Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2])
  return 2 * 6371.0088 * Math.asin(chord / 2)
}

function weatherAt(inputs: FeatureInputs, slot: EpochSeconds): WeatherHour | undefined {
  const known = inputs.weather.filter(
    (row) => row.issued_at <= slot && row.valid_at <= slot && row.valid_at >= slot - 6 * 3600,
  )
  return known.sort(
    (a, b) => b.valid_at - a.valid_at || b.issued_at - a.issued_at || (a.source < b.source ? -1 : 1),
  )[0]
}

function localTime(at: EpochSeconds, timeZone: string): { hour: number; dow: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at * 1000)
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  return {
    hour: Number(value('hour')),
    dow: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(value('weekday')),
  }
}

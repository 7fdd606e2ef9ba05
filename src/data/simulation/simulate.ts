import { OperatorError } from '../../core/errors.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import { DAY_SECONDS, dsOf, HOUR_SECONDS, SLOT_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Column } from '../../platform/ports.ts'
import { createCity, type City, type CityOptions } from './city.ts'
import { openFeed, type InformationRow } from './feed.ts'
import { NO_FAULTS, REAL_FAULTS, type FaultRates } from './knobs.ts'
import { drawOutages } from './outages.ts'
import { Random } from './random.ts'
import { StatusColumns } from './status-columns.ts'
import type { SimulatedHour } from './weather.ts'

/** A city and how long, and through what feed, it is watched. */
export interface SimulationOptions extends CityOptions {
  /** Days of 24 hours from `from` on. */
  readonly days: number
  /** Seconds between snapshots, whole minutes. Default 300. */
  readonly stepSeconds?: number
  /** Faults of the feed: true (default) as in real feeds, false for none, or rates. */
  readonly faults?: boolean | Partial<FaultRates>
  readonly report?: Reporter
  readonly signal?: AbortSignal
}

/** 24 hours of a simulated feed, in the columns of a recording. */
export interface SimulatedDay {
  /** UTC day of its first second. */
  readonly ds: string
  readonly from: EpochSeconds
  /** Exclusive. */
  readonly to: EpochSeconds
  readonly snapshots: number
  readonly statusRows: number
  /** Sorted by last_updated and station_id. Times are epoch seconds. */
  readonly status: readonly Column[]
  /** Versions that became valid on this day; the first day has one of every station. */
  readonly information: readonly Column[]
  /** `weather_hourly` of the lake: one row an hour, observed. */
  readonly weather: readonly Column[]
}

/** A snapshot is made up to this many seconds before its slot, or a few after it. */
const EARLIEST = -32
const LATEST = 4

/**
 * Simulates a city and its feed, one day at a time; only one day is held in memory. The same options give the same rows.
 * Throws USAGE for options that make no simulation, CANCELLED when `signal` is aborted.
 */
export function* simulateCity(o: SimulationOptions): Generator<SimulatedDay, City> {
  const stepSeconds = o.stepSeconds ?? SLOT_SECONDS
  check(o, stepSeconds)
  const rates = faultRates(o.faults ?? true)
  const progress = (o.report ?? silentReporter).start(`simulating ${o.stations} stations`, o.days)
  const city = createCity(o)
  const feed = openFeed(o.seed, city, rates, stepSeconds)
  for (let n = 0; n < o.days; n++) {
    const from = o.from + n * DAY_SECONDS
    const to = from + DAY_SECONDS
    const steps = Math.floor(DAY_SECONDS / stepSeconds)
    const status = new StatusColumns(steps * (feed.entries.length + 1))
    const information: InformationRow[] = []
    const outages = drawOutages(o.seed, from, rates, city.local)
    let snapshots = 0
    for (let k = 1; k <= steps; k++) {
      if (o.signal?.aborted === true) throw new OperatorError('CANCELLED', 'the simulation was stopped')
      const slot = from + k * stepSeconds
      // What a feed prints is up to a minute old.
      city.step((slot - 60 - city.state.now) / 60)
      const random = new Random(o.seed, 'outages', slot, 1)
      const lastUpdated = Math.min(slot + EARLIEST + random.below(LATEST - EARLIEST + 1), to - 1)
      const missed = random.chance(rates.missed)
      if (missed || outages.some((gap) => lastUpdated >= gap.from && lastUpdated < gap.to)) continue
      information.push(...feed.publish(lastUpdated, status))
      snapshots++
    }
    const hours: SimulatedHour[] = []
    for (let hour = Math.ceil(from / HOUR_SECONDS) * HOUR_SECONDS; hour < to; hour += HOUR_SECONDS) {
      hours.push(city.weatherAt(hour))
    }
    progress.update(n + 1, dsOf(from))
    yield {
      ds: dsOf(from),
      from,
      to,
      snapshots,
      statusRows: status.rows,
      status: status.columns(),
      information: informationColumns(city, information),
      weather: weatherColumns(hours),
    }
  }
  progress.end(`${city.state.counters.trips} trips`)
  return city
}

function informationColumns(city: City, rows: readonly InformationRow[]): Column[] {
  const planOf = (row: InformationRow) => city.stations[row.entry.station]
  const isGhost = (row: InformationRow): boolean => row.entry.kind !== 'station'
  return [
    { name: 'station_id', type: 'VARCHAR', values: rows.map((row) => row.entry.id) },
    { name: 'name', type: 'VARCHAR', values: rows.map((row) => planOf(row)?.name ?? '') },
    {
      name: 'short_name',
      type: 'VARCHAR',
      values: rows.map((row) => (isGhost(row) ? row.entry.id : (planOf(row)?.shortName ?? ''))),
    },
    { name: 'lat', type: 'DOUBLE', values: rows.map((row) => planOf(row)?.lat ?? 0) },
    { name: 'lon', type: 'DOUBLE', values: rows.map((row) => planOf(row)?.lon ?? 0) },
    { name: 'capacity', type: 'INTEGER', values: rows.map((row) => row.capacity) },
    { name: 'region_id', type: 'VARCHAR', values: rows.map((row) => planOf(row)?.region ?? '') },
    { name: 'valid_from', type: 'BIGINT', values: rows.map((row) => row.validFrom) },
  ]
}

function weatherColumns(hours: readonly SimulatedHour[]): Column[] {
  const number = (name: keyof SimulatedHour, type: 'BIGINT' | 'DOUBLE' = 'DOUBLE'): Column => ({
    name,
    type,
    values: hours.map((hour) => hour[name]),
  })
  return [
    number('valid_at', 'BIGINT'),
    number('issued_at', 'BIGINT'),
    { name: 'source', type: 'VARCHAR', values: hours.map((hour) => hour.source) },
    number('temp_c'),
    number('precip_mm'),
    number('wind_kph'),
    number('rhum_pct'),
    number('pres_hpa'),
    number('wind_dir_deg'),
    number('wind_gust_kph'),
    number('snow_mm'),
    number('weather_code'),
  ]
}

function faultRates(faults: boolean | Partial<FaultRates>): FaultRates {
  if (typeof faults === 'boolean') return faults ? REAL_FAULTS : NO_FAULTS
  return { ...NO_FAULTS, ...faults }
}

function check(o: SimulationOptions, stepSeconds: number): void {
  if (!Number.isInteger(o.days) || o.days < 1) {
    throw new OperatorError(
      'USAGE',
      `a simulation of ${o.days} days`,
      'Give a whole number of days, at least 1.',
    )
  }
  if (
    !Number.isInteger(stepSeconds) ||
    stepSeconds < 60 ||
    stepSeconds % 60 !== 0 ||
    DAY_SECONDS % stepSeconds !== 0
  ) {
    throw new OperatorError(
      'USAGE',
      `a snapshot every ${stepSeconds} seconds`,
      'Give whole minutes that divide a day, such as 300.',
    )
  }
}

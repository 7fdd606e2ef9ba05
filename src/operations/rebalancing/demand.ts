import { DAY_SECONDS, HOUR_SECONDS, dsOf, parseDs, type EpochSeconds } from '../../core/time.ts'
import { statusDays } from '../../data/lake/days.ts'
import { holidayCalendar } from '../../data/features/holidays.ts'
import { localClock } from '../../data/features/local-clock.ts'
import type { Platform } from '../../platform/ports.ts'
import { flowsOf, FLOW_COLUMNS, type FlowDay } from './flow-days.ts'
import type { MinuteDemand } from './lost-rides.ts'
import { grossFlows } from './skellam.ts'

/** Days of history at most: recent enough to be of this season, long enough for twenty working days. */
const HISTORY_DAYS = 28
/** Hours of watching that what a station's own hour says is weighed against: what the city does at this hour. */
const PRIOR_HOURS = 4
/** Station hours of watching that what the city does in a cell is weighed against: what it does at that hour on any day. */
const CITY_PRIOR_HOURS = 20
/** Bikes that a station's level is weighed against. */
const PRIOR_BIKES = 3

/** Riders who come, by station, learnt from a lake's own past. */
export interface Demand {
  /** Days that were taken, oldest first. */
  readonly days: readonly string[]
  /** Riders a minute from `at` on, for `minutes`. A station without a past gets what the middling one of the city has. */
  minutes(stationId: string, at: EpochSeconds, minutes: number): MinuteDemand
}

/** Where and when a city lives. */
export interface DemandZone {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
}

/** Figures of one station by kind of day and local hour: 2 x 24 cells. */
type Cells = Record<(typeof FLOW_COLUMNS)[number], Float64Array>
const CELLS = 48

/**
 * Learns demand from the whole UTC days before the one of `at`: nothing of that day or later is seen. Rates are by kind of day
 * (working or free: weekend, public holiday) and local hour. A cell that was watched for few hours is drawn towards the
 * city's own hour at the station's own level (a Gamma prior on a Poisson rate, worth `PRIOR_HOURS`).
 */
export async function learnDemand(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  zone: DemandZone,
  at: EpochSeconds,
): Promise<Demand> {
  const days = (await statusDays(platform.store, zone.city))
    .filter((ds) => ds < dsOf(at) && parseDs(ds) >= at - (HISTORY_DAYS + 1) * DAY_SECONDS)
    .slice(-HISTORY_DAYS)
  const cellAt = cellClock(zone)
  const stations = new Map<string, Cells>()
  for (const ds of days) pool(stations, await flowsOf(platform, zone.city, ds), parseDs(ds), cellAt)
  const city = emptyCells()
  for (const cells of stations.values())
    for (const name of FLOW_COLUMNS) cells[name].forEach((x, cell) => add(city[name], cell, x))
  const rates = new Map<string, MinuteRates>()
  return {
    days,
    minutes(stationId, at, minutes) {
      let known = rates.get(stationId)
      if (known === undefined) {
        known = ratesOf(stations.get(stationId), city, stations.size)
        rates.set(stationId, known)
      }
      const demand = { rentals: new Float64Array(minutes), returns: new Float64Array(minutes) }
      for (let minute = 0; minute < minutes; minute++) {
        const { rentals, returns } = known(cellAt(at + 60 * minute))
        demand.rentals[minute] = rentals
        demand.returns[minute] = returns
      }
      return demand
    },
  }
}

/** Riders a minute in a cell. */
type MinuteRates = (cell: number) => { readonly rentals: number; readonly returns: number }

function ratesOf(own: Cells | undefined, city: Cells, stations: number): MinuteRates {
  const cells = own ?? emptyCells()
  const side = (seconds: 'rent_seconds' | 'return_seconds', bikes: 'rented' | 'returned') => {
    const hourly = (cell: number): number => {
      // A kind of day that was hardly seen has the city's hours of the other kind.
      const other = (cell + 24) % CELLS
      const anyDay =
        (3600 * ((city[bikes][cell] ?? 0) + (city[bikes][other] ?? 0))) /
        Math.max(3600, (city[seconds][cell] ?? 0) + (city[seconds][other] ?? 0))
      return (
        ((city[bikes][cell] ?? 0) + CITY_PRIOR_HOURS * anyDay) /
        ((city[seconds][cell] ?? 0) / 3600 + CITY_PRIOR_HOURS)
      )
    }
    let expected = 0
    for (let cell = 0; cell < CELLS; cell++) expected += (hourly(cell) * (cells[seconds][cell] ?? 0)) / 3600
    const level = (sum(cells[bikes]) + PRIOR_BIKES) / (expected + PRIOR_BIKES)
    return (cell: number): number =>
      ((cells[bikes][cell] ?? 0) + PRIOR_HOURS * level * hourly(cell)) /
      ((cells[seconds][cell] ?? 0) / 3600 + PRIOR_HOURS)
  }
  const rented = side('rent_seconds', 'rented')
  const returned = side('return_seconds', 'returned')
  const known: ({ rentals: number; returns: number } | undefined)[] = []
  return (cell) =>
    (known[cell] ??= (() => {
      if (stations === 0) return { rentals: 0, returns: 0 }
      const intervals = (city.rent_intervals[cell] ?? 0) + (city.return_intervals[cell] ?? 0)
      const seconds = (city.rent_seconds[cell] ?? 0) + (city.return_seconds[cell] ?? 0)
      const hours = intervals > 0 ? seconds / intervals / 3600 : 1 / 12
      const gross = grossFlows(rented(cell) * hours, returned(cell) * hours)
      return { rentals: gross.rentals / hours / 60, returns: gross.returns / hours / 60 }
    })())
}

/** The cell of a time: kind of day and local hour. */
function cellClock({ timezone, country }: DemandZone): (t: EpochSeconds) => number {
  const clock = localClock(timezone)
  const isHoliday = holidayCalendar(timezone, country)
  const kinds = new Map<string, number>()
  return (t) => {
    const { date, hour } = clock(t)
    let kind = kinds.get(date)
    if (kind === undefined) {
      const dow = (((parseDs(date) / DAY_SECONDS + 3) % 7) + 7) % 7
      kind = dow >= 5 || isHoliday(date) ? 1 : 0
      kinds.set(date, kind)
    }
    return kind * 24 + hour
  }
}

function pool(
  stations: Map<string, Cells>,
  day: FlowDay,
  from: EpochSeconds,
  cellAt: (t: EpochSeconds) => number,
): void {
  const cellOf = Array.from({ length: 24 }, (_, hour) => cellAt(from + hour * HOUR_SECONDS))
  const found = day.stations.map((id) => {
    const cells = stations.get(id) ?? emptyCells()
    stations.set(id, cells)
    return cells
  })
  for (const name of FLOW_COLUMNS) {
    const values = day.columns[name]
    for (let row = 0; row < day.station.length; row++) {
      const cells = found[day.station[row] ?? -1]
      if (cells) add(cells[name], cellOf[day.hour[row] ?? 0] ?? 0, values[row] ?? 0)
    }
  }
}

function emptyCells(): Cells {
  return Object.fromEntries(FLOW_COLUMNS.map((name) => [name, new Float64Array(CELLS)])) as Cells
}

function add(values: Float64Array, index: number, by: number): void {
  values[index] = (values[index] ?? 0) + by
}

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0)

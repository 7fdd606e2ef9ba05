import { setImmediate as breathe } from 'node:timers/promises'
import type { Depot, PlanSettings } from '../../core/contracts/plan.ts'
import { BUCKET_MINUTES, type AssessedStation } from './assess.ts'
import { gainTable, type GainTable } from './gain-table.ts'
import { driveSeconds, type Place } from './geography.ts'
import type { Problem } from './problem.ts'
import { relaxedBound } from './relaxed-bound.ts'
import { groupTrucks, type Truck, type TruckGroup } from './trucks.ts'

/** Stations that are looked at for each truck, on each side (bikes wanted, bikes to spare), and at most. */
const SITES_A_TRUCK = 16
const LEAST_SITES = 30
const MOST_SITES = 160
/** No stop moves more bikes than this: a crew's hour. */
const MOST_BIKES = 40
/** Fewer lost rides than this, avoided by any stop, make no site. */
const LEAST_GAIN = 0.02
/** A bike to spare is worth this much somewhere else, when stations that have some are ranked. */
const BIKE_WORTH = 0.25
const AT_ONCE = 100

/** A problem, with what its numbers stand for. */
export interface BuiltProblem {
  readonly problem: Problem
  /** Station of each site. */
  readonly sites: readonly AssessedStation[]
  readonly groups: readonly TruckGroup[]
  /** No plan of these trucks avoids more, over all stations. */
  readonly relaxedBound: number
}

/**
 * Builds what is to be decided: the stations at which a stop is worth most, what it is worth there by time and amount, and the
 * way between them. `closed` stations are no sites.
 */
export async function buildProblem(
  stations: readonly AssessedStation[],
  trucks: readonly Truck[],
  settings: PlanSettings,
  closed: ReadonlySet<string>,
): Promise<BuiltProblem> {
  const groups = groupTrucks(trucks)
  const shiftSeconds = Math.max(0, ...trucks.map((truck) => truck.shiftSeconds))
  const bucketSeconds = BUCKET_MINUTES * 60
  const horizonBuckets = Math.ceil(settings.horizon_minutes / BUCKET_MINUTES)
  // A stop after the horizon is worth nothing: the last bucket says so.
  const buckets = Math.min(horizonBuckets, Math.floor(shiftSeconds / bucketSeconds) + 1) + 1
  const most = Math.min(MOST_BIKES, Math.max(1, ...trucks.map(({ capacity }) => capacity)))
  const open = stations.filter(({ station }) => !closed.has(station.station_id))
  const tables: GainTable[] = []
  for (const [n, { station, outlook }] of open.entries()) {
    if (n % AT_ONCE === 0) await breathe()
    const bikes = Math.min(station.bikes, outlook.docks)
    tables.push(gainTable(outlook, { bikes, docks: outlook.docks - bikes, most, buckets }))
  }
  const chosen = chooseSites(tables, most, trucks.length)
  const sites = chosen.flatMap((n) => open[n] ?? [])
  const kept = chosen.flatMap((n) => tables[n] ?? [])
  const depots = groups.flatMap(({ truck }) => truck.depot ?? [])
  const problem: Problem = {
    sites: sites.length,
    bikes: Int32Array.from(sites, ({ station }) => station.bikes),
    docks: Int32Array.from(sites, ({ station }) => station.docks),
    travel: travelTimes(
      sites.map(({ station }) => station),
      sites.map(({ station }) => station),
      settings,
    ),
    fromDepot: travelTimes(
      depots,
      sites.map(({ station }) => station),
      settings,
    ),
    stopSeconds: Math.ceil(settings.stop_minutes * 60),
    handlingSeconds: Math.ceil(settings.handling_minutes * 60),
    bucketSeconds,
    buckets,
    most,
    gains: joined(kept.map(({ gains }) => gains)),
    sureBikes: Int32Array.from(kept.flatMap(({ sureBikes }) => [...sureBikes])),
    sureDocks: Int32Array.from(kept.flatMap(({ sureDocks }) => [...sureDocks])),
    classes: groups.map(({ truck, members }) => ({
      trucks: members.length,
      capacity: truck.capacity,
      shiftSeconds: truck.shiftSeconds,
      depot: truck.depot === null ? -1 : indexOf(depots, truck.depot),
    })),
  }
  return { problem, sites, groups, relaxedBound: relaxedBound(tables, problem) }
}

/** Indices of the stations that want bikes most, and of those that have some to spare, in order. */
function chooseSites(tables: readonly GainTable[], most: number, trucks: number): number[] {
  const count = Math.min(MOST_SITES, LEAST_SITES + SITES_A_TRUCK * trucks)
  const wanting = ranked(tables.map(({ bestBrought }) => bestBrought))
  const sparing = ranked(tables.map((table) => worthOfTaking(table, most)))
  return [...new Set([...wanting.slice(0, count), ...sparing.slice(0, count)])].sort((a, b) => a - b)
}

function worthOfTaking({ gains }: GainTable, most: number): number {
  let best = 0
  for (let amount = 1; amount <= most; amount++) {
    const gain = gains[most - amount] ?? 0
    // What cannot be taken stands as 0 in the table.
    if (gain !== 0) best = Math.max(best, gain + amount * BIKE_WORTH)
  }
  return best
}

function ranked(worths: readonly number[]): number[] {
  return worths
    .map((worth, n) => ({ worth, n }))
    .filter(({ worth }) => worth >= LEAST_GAIN)
    .sort((a, b) => b.worth - a.worth || a.n - b.n)
    .map(({ n }) => n)
}

function travelTimes(from: readonly Place[], to: readonly Place[], settings: PlanSettings): Int32Array {
  return Int32Array.from(from.flatMap((a) => to.map((b) => driveSeconds(a, b, settings))))
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

const indexOf = (depots: readonly Depot[], depot: Depot): number =>
  depots.findIndex(({ id }) => id === depot.id)

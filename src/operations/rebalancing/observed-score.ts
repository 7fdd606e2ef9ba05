import type { Plan, PlanScore, PlanStop } from '../../core/contracts/plan.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { assessCity, BUCKET_MINUTES, type AssessedStation } from './assess.ts'
import { bootstrapSum } from './bootstrap.ts'
import type { DemandZone } from './demand.ts'
import { spread } from './lost-rides.ts'
import { avoidedInReplay, type Seen } from './replay-trips.ts'

const PAST_SQL = loadSql(import.meta.url, './station-past.sql')

type ObservedScore = NonNullable<PlanScore['observed']>

/**
 * A plan against what happened at its stations until `until`: minutes without bikes or docks beside those that were expected,
 * and its stops replayed on the recorded trips. Undefined when no snapshot of that time is there.
 */
export async function observedScore(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  plan: Plan,
  zone: DemandZone,
  until: EpochSeconds,
): Promise<ObservedScore | undefined> {
  const stops = plan.routes.flatMap((route) => route.stops)
  const past = await readPast(platform, plan, stops, until)
  const ends = Math.max(...[...past.values()].map((seen) => seen.at(-1)?.at ?? plan.at))
  if (!(ends > plan.at)) return undefined
  const { stations } = await assessCity(platform, {
    ...zone,
    at: plan.at,
    minutes: plan.settings.horizon_minutes,
  })
  const known = new Map(stations.map((one) => [one.station.station_id, one]))
  const minutes = Math.round((ends - plan.at) / 60)
  const sums = { known: 0, empty: 0, full: 0, without: 0, with: 0, exposed: 0 }
  const replayed: number[] = []
  for (const stop of stops) {
    const station = known.get(stop.station_id)
    const seen = past.get(stop.station_id) ?? []
    if (station === undefined) continue
    const exposure = exposureOf(seen, station, plan.at)
    sums.known += exposure.known
    sums.empty += exposure.empty
    sums.full += exposure.full
    sums.exposed += exposure.lost
    sums.without += expectedMinutes(station, minutes, null)
    const after = Math.floor((stop.arrives_at - plan.at) / 60)
    const bikes = stop.action === 'unload' ? stop.bikes : -stop.bikes
    sums.with += expectedMinutes(station, minutes, { after, bikes })
    replayed.push(
      avoidedInReplay(seen, { at: stop.arrives_at, bikes }, (at) => ratesAt(station, at - plan.at)),
    )
  }
  return {
    from: plan.at,
    to: ends,
    stations: stops.length,
    known_minutes: sums.known,
    empty_minutes: sums.empty,
    full_minutes: sums.full,
    expected_without_minutes: sums.without,
    expected_with_minutes: sums.with,
    exposed_lost_rides: sums.exposed,
    expected_lost_without: total(stops.map((stop) => stop.lost_without)),
    expected_lost_with: total(stops.map((stop) => stop.lost_with)),
    // Of a plan that was driven, the recorded changes hold its own moves.
    replayed_avoided: plan.state === 'accepted' ? null : bootstrapSum(replayed),
  }
}

async function readPast(
  { warehouse }: Pick<Platform, 'warehouse'>,
  plan: Plan,
  stops: readonly PlanStop[],
  until: EpochSeconds,
): Promise<Map<string, Seen[]>> {
  const from = plan.basis.state_at
  const rows = await warehouse.rows<{
    station_id: string
    last_updated: number
    bikes: number
    docks: number
  }>({
    name: 'past of stations',
    sql: PAST_SQL,
    tables: {
      status: {
        dataset: 'station_status',
        city: plan.city,
        dsFrom: dsOf(from),
        dsTo: dsOf(until),
        since: from,
        until,
      },
    },
    params: { from, until, ids: `,${stops.map(({ station_id }) => station_id).join(',')},` },
  })
  const past = new Map<string, Seen[]>()
  for (const { station_id, last_updated, bikes, docks } of rows) {
    const seen = past.get(station_id) ?? []
    seen.push({ at: last_updated, bikes, docks })
    past.set(station_id, seen)
  }
  return past
}

/** Minutes with a known state, those without bikes and docks, and the riders who come in these at the usual rate. */
function exposureOf(
  seen: readonly Seen[],
  station: AssessedStation,
  at: EpochSeconds,
): { readonly known: number; readonly empty: number; readonly full: number; readonly lost: number } {
  let [known, empty, full, lost] = [0, 0, 0, 0]
  seen.forEach((now, n) => {
    const next = seen[n + 1]
    if (next === undefined) return
    // A state is known for a quarter of an hour; what came in a longer gap is not.
    const minutes = Math.min(next.at - now.at, STATE_MAX_AGE_SECONDS) / 60
    const { rentals, returns } = ratesAt(station, now.at - at)
    known += minutes
    if (now.bikes === 0) {
      empty += minutes
      lost += rentals * minutes
    }
    if (now.docks === 0) {
      full += minutes
      lost += returns * minutes
    }
  })
  return { known, empty, full, lost }
}

function ratesAt({ demand }: AssessedStation, seconds: number): { rentals: number; returns: number } {
  const minute = Math.max(0, Math.min(demand.rentals.length - 1, Math.floor(seconds / 60)))
  return { rentals: demand.rentals[minute] ?? 0, returns: demand.returns[minute] ?? 0 }
}

/** Minutes without bikes or without docks that are expected of a station, with a stop after some minutes, or none. */
function expectedMinutes(
  { demand, outlook }: AssessedStation,
  minutes: number,
  stop: { readonly after: number; readonly bikes: number } | null,
): number {
  let chances: Float64Array = outlook.chances[0] ?? new Float64Array(1)
  let expected = 0
  const until = Math.min(minutes, demand.rentals.length)
  for (let minute = 0; minute < until;) {
    const next = Math.min(until, minute + BUCKET_MINUTES, stop && stop.after > minute ? stop.after : Infinity)
    if (stop !== null && stop.after === minute) chances = shifted(chances, stop.bikes)
    const then = spread(demand, minute, next, chances)
    expected += ((atEnds(chances) + atEnds(then)) / 2) * (next - minute)
    chances = then
    minute = next
  }
  return expected
}

const atEnds = (chances: Float64Array): number => (chances[0] ?? 0) + (chances.at(-1) ?? 0)

function shifted(chances: Float64Array, by: number): Float64Array {
  const moved = new Float64Array(chances.length)
  chances.forEach((chance, bikes) => {
    const then = Math.max(0, Math.min(chances.length - 1, bikes + by))
    moved[then] = (moved[then] ?? 0) + chance
  })
  return moved
}

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0)

import type { AtRisk, Top } from '../../../core/contracts/api/city.ts'
import { STOCKOUT_AT_MOST, type Target } from '../../../core/contracts/features.ts'
import type { StationStatus } from '../../../core/contracts/station.ts'
import { HORIZON_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { saidOf, type Batch, type Said } from './batch.ts'
import { newestBatch } from './batches.ts'
import { chancesAt, type ChanceOf } from './chances.ts'
import { endpointAt } from './endpoints.ts'
import { cacheOf } from './read-cache.ts'
import { forRequest } from './request.ts'
import { runsSince } from './runs.ts'
import { shortagesAt, type ShortageOf } from './shortages.ts'
import { stateSnapshot, type Snapshot } from './snapshot.ts'
import type { ViewOptions } from './state.ts'
import { stationList, type StationList } from './station-list.ts'

const LISTED = 20

export interface TopOptions extends ViewOptions {
  readonly target: Target
  /** Stations a list, at most; 20 without. */
  readonly n?: number | undefined
}

/** A station that was judged, with what is there now. */
interface Judged {
  readonly id: string
  readonly place: number
  readonly said: Said
  readonly status: StationStatus | undefined
  readonly count: number | null
}

/** Stations that will run out, those that still have some first; and those that have two or fewer already. */
export async function readTop(given: CitySource, o: TopOptions): Promise<Top> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const n = o.n ?? LISTED
  const endpoint = await endpointAt(source, { at, stage: o.stage, target: o.target })
  const [as_of, batch, list, snapshot, hourAgo] = await Promise.all([
    asOf(source, at, [endpoint]),
    endpoint === undefined ? undefined : newestBatch(source, endpoint, at),
    stationList(source, at),
    stateSnapshot(source, at),
    stateSnapshot(source, at - HOUR_SECONDS),
  ])
  const none = { as_of, target: o.target, endpoint: endpoint ?? null }
  if (!batch) return { ...none, onsets: [], empty: [], onset_count: 0, empty_count: 0, judged: 0 }
  const judged = judgedBy(source, batch, list, snapshot, o.target, at)
  const has = ({ count, said }: Judged): number => count ?? said.count_now
  const onsets = judged
    // One that was empty at the slot and has been filled since was judged for what it no longer is.
    .filter((one) => one.said.stockout && has(one) > STOCKOUT_AT_MOST && !isEmptyAtSlot(one))
    .sort((a, b) => b.said.score - a.said.score || a.place - b.place)
  const empty = judged.filter((one) => has(one) <= STOCKOUT_AT_MOST)
  const runs = await runsSince(source, batch, at, [
    ...onsets.slice(0, n).map(({ id }) => ({ id, run: 'said' }) as const),
    ...empty.filter(isEmptyAtSlot).map(({ id }) => ({ id, run: 'empty' }) as const),
  ])
  const since = ({ id }: Judged): EpochSeconds => runs.get(id) ?? batch.slot
  empty.sort((a, b) => since(a) - since(b) || b.said.score - a.said.score || a.place - b.place)
  const shown = [...onsets.slice(0, n), ...empty.slice(0, n)]
  const facts: Facts = {
    at,
    target: o.target,
    list,
    slot: batch.slot,
    since,
    hourAgo,
    chance: await chancesAt(
      source,
      { endpoint: batch.endpoint, target: o.target, at },
      shown.map(({ said }) => said),
    ),
    shortage: shortagesAt(source, at),
  }
  return {
    ...none,
    onsets: onsets.slice(0, n).map((one) => atRisk(one, facts)),
    empty: empty.slice(0, n).map((one) => atRisk(one, facts)),
    onset_count: onsets.length,
    empty_count: empty.length,
    judged: judged.length,
  }
}

const isEmptyAtSlot = ({ said }: Judged): boolean => said.count_now <= STOCKOUT_AT_MOST

function judgedBy(
  source: CitySource,
  batch: Batch,
  { columns }: StationList,
  snapshot: Snapshot | undefined,
  target: Target,
  at: EpochSeconds,
): Judged[] {
  const numbers = cacheOf(source).stations
  return columns.station_id.flatMap((id, place): Judged[] => {
    const said = saidOf(batch, numbers.find(id), at)
    const status = snapshot?.stations.get(id)
    return said ? [{ id, place, said, status, count: countOf(status, target) }] : []
  })
}

/** Bikes, or docks, of a station; null where it is not known. */
function countOf(status: StationStatus | undefined, target: Target): number | null {
  return (target === 'bikes' ? status?.num_bikes_available : status?.num_docks_available) ?? null
}

interface Facts {
  readonly at: EpochSeconds
  readonly target: Target
  readonly list: StationList
  readonly slot: EpochSeconds
  readonly since: (one: Judged) => EpochSeconds
  readonly hourAgo: Snapshot | undefined
  readonly chance: ChanceOf
  readonly shortage: ShortageOf | undefined
}

function atRisk(one: Judged, facts: Facts): AtRisk {
  const { id, place, said, status } = one
  const { columns } = facts.list
  const chance = facts.chance(said)
  return {
    station_id: id,
    name: columns.name[place] ?? '',
    lat: columns.lat[place] ?? 0,
    lon: columns.lon[place] ?? 0,
    capacity: columns.capacity[place] ?? null,
    count_now: one.count,
    count_hour_ago: countOf(facts.hourAgo?.stations.get(id), facts.target),
    score: said.score,
    chance: chance?.chance ?? null,
    chance_samples: chance?.samples ?? 0,
    lead_seconds: facts.slot + HORIZON_SECONDS - facts.at,
    since: facts.since(one),
    expected_shortage:
      status && facts.shortage
        ? facts.shortage(id, status.num_bikes_available, status.num_docks_available)
        : null,
    variant: said.maker.variant,
    model_version: said.maker.model_version,
  }
}

import type { PastPrediction, StationView } from '../../../core/contracts/api/station.ts'
import type { Target } from '../../../core/contracts/features.ts'
import { OperatorError } from '../../../core/errors.ts'
import { batchFloor, DAY_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { saidOf, type Batch } from './batch.ts'
import { batchesOf, newestBatch } from './batches.ts'
import { chancesAt } from './chances.ts'
import { endpointAt } from './endpoints.ts'
import { neighboursOf } from './neighbours.ts'
import { outcomesAt } from './outcomes.ts'
import { cacheOf } from './read-cache.ts'
import { forRequest } from './request.ts'
import { countIn, slotStates } from './slot-states.ts'
import { conditionOf, stateSnapshot } from './snapshot.ts'
import type { ViewOptions } from './state.ts'
import { stationList } from './station-list.ts'
import { vanishedSince } from './vanished.ts'
import { weatherAt } from './weather-at.ts'

/** Everything about one station at a moment. NOT_FOUND for one that is not known by then. */
export async function readStation(
  given: CitySource,
  o: ViewOptions & { readonly station_id: string },
): Promise<StationView> {
  const source = forRequest(given)
  const { station_id } = o
  const at = momentOf(source, o.at)
  const list = await stationList(source, at)
  const place = list.places.get(station_id)
  if (place === undefined)
    throw new OperatorError(
      'NOT_FOUND',
      `no station "${station_id}" is known at ${isoOf(at)}`,
      'Check its id, or take a later time.',
    )
  const [bikes, docks, snapshot] = await Promise.all([
    endpointAt(source, { at, stage: o.stage, target: 'bikes' }),
    endpointAt(source, { at, stage: o.stage, target: 'docks' }),
    stateSnapshot(source, at),
  ])
  const status = snapshot?.stations.get(station_id)
  const [bikesBatch, docksBatch] = await Promise.all(
    [bikes, docks].map(async (endpoint) =>
      endpoint === undefined ? undefined : newestBatch(source, endpoint, at),
    ),
  )
  const batches = { bikes: bikesBatch, docks: docksBatch }
  const [as_of, vanished_since, history, weather, neighbours, ofBikes, ofDocks] = await Promise.all([
    asOf(source, at, [bikes, docks]),
    status ? null : vanishedSince(source, station_id, at),
    historyOf(source, station_id, at),
    weatherAt(source, batchFloor(at)),
    neighboursOf(source, list, place, { at, snapshot, batches }),
    saidOfStation(source, { endpoint: bikes, batch: bikesBatch, target: 'bikes', station_id, at }),
    saidOfStation(source, { endpoint: docks, batch: docksBatch, target: 'docks', station_id, at }),
  ])
  const { columns } = list
  return {
    as_of,
    station_id,
    name: columns.name[place] ?? '',
    lat: columns.lat[place] ?? 0,
    lon: columns.lon[place] ?? 0,
    capacity: columns.capacity[place] ?? null,
    condition: conditionOf(status),
    bikes: status?.num_bikes_available ?? null,
    docks: status?.num_docks_available ?? null,
    ebikes: status?.num_ebikes_available ?? null,
    bikes_disabled: status?.num_bikes_disabled ?? null,
    docks_disabled: status?.num_docks_disabled ?? null,
    last_reported: status?.last_reported ?? null,
    vanished_since,
    outlook: { bikes: ofBikes.outlook, docks: ofDocks.outlook },
    history,
    past: { bikes: ofBikes.past, docks: ofDocks.past },
    weather,
    neighbours,
  }
}

/** What an endpoint says of the station, and has said. */
async function saidOfStation(
  source: CitySource,
  o: {
    readonly endpoint: string | undefined
    readonly batch: Batch | undefined
    readonly target: Target
    readonly station_id: string
    readonly at: EpochSeconds
  },
): Promise<{ readonly outlook: StationView['outlook'][Target]; readonly past: PastPrediction[] }> {
  const { endpoint, batch, target, station_id, at } = o
  const [outlook, past] = await Promise.all([
    outlookOf(source, batch, target, station_id, at),
    pastOf(source, endpoint, target, station_id, at),
  ])
  return { outlook, past }
}

async function outlookOf(
  source: CitySource,
  batch: Batch | undefined,
  target: Target,
  stationId: string,
  at: EpochSeconds,
): Promise<StationView['outlook'][Target]> {
  const said = batch && saidOf(batch, cacheOf(source).stations.find(stationId), at)
  if (!said) return null
  const { endpoint, slot } = batch
  const chance = (await chancesAt(source, { endpoint, target, at }, [said]))(said)
  return {
    endpoint,
    slot,
    score: said.score,
    threshold: said.maker.threshold,
    stockout: said.stockout,
    chance: chance?.chance ?? null,
    chance_samples: chance?.samples ?? 0,
    variant: said.maker.variant,
    model_version: said.maker.model_version,
  }
}

async function historyOf(
  source: CitySource,
  stationId: string,
  at: EpochSeconds,
): Promise<StationView['history']> {
  const states = await slotStates(source, at - DAY_SECONDS + 1, at)
  const station = cacheOf(source).stations.find(stationId)
  return states.map(({ slot, counts }) => ({
    slot,
    bikes: countIn(counts?.bikes, station),
    docks: countIn(counts?.docks, station),
  }))
}

async function pastOf(
  source: CitySource,
  endpoint: string | undefined,
  target: Target,
  stationId: string,
  at: EpochSeconds,
): Promise<PastPrediction[]> {
  if (endpoint === undefined) return []
  const from = at - DAY_SECONDS + 1
  const [batches, outcome] = await Promise.all([
    batchesOf(source, endpoint, from, at),
    outcomesAt(source, { target, from, to: at, at }),
  ])
  const station = cacheOf(source).stations.find(stationId)
  return batches.flatMap((batch): PastPrediction[] => {
    const said = saidOf(batch, station, at)
    if (!said) return []
    return [
      {
        slot: batch.slot,
        score: said.score,
        threshold: said.maker.threshold,
        stockout: said.stockout,
        count_now: said.count_now,
        variant: said.maker.variant,
        model_version: said.maker.model_version,
        ...outcome(batch.slot, station),
      },
    ]
  })
}

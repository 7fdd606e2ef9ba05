import type { State } from '../../../core/contracts/api/city.ts'
import type { Stage } from '../../../core/contracts/api/common.ts'
import { STOCKOUT_AT_MOST, type Target } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { saidOf } from './batch.ts'
import { newestBatch } from './batches.ts'
import { endpointAt } from './endpoints.ts'
import { cacheOf } from './read-cache.ts'
import { conditionOf, stateSnapshot } from './snapshot.ts'
import { stationList, type StationList } from './station-list.ts'
import { forRequest } from './request.ts'

/** Which moment, and whose predictions. */
export interface ViewOptions {
  /** Epoch seconds; the newest moment without. */
  readonly at?: EpochSeconds | undefined
  readonly stage: Stage
}

/** The state of every station at a moment, and what the stage's endpoints said last. */
export async function readState(given: CitySource, o: ViewOptions): Promise<State> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const [list, bikes, docks, snapshot] = await Promise.all([
    stationList(source, at),
    endpointAt(source, { at, stage: o.stage, target: 'bikes' }),
    endpointAt(source, { at, stage: o.stage, target: 'docks' }),
    stateSnapshot(source, at),
  ])
  const [as_of, bikesSaid, docksSaid] = await Promise.all([
    asOf(source, at, [bikes, docks]),
    predictedBy(source, bikes, list, at),
    predictedBy(source, docks, list, at),
  ])
  const status = list.columns.station_id.map((id) => snapshot?.stations.get(id))
  return {
    as_of,
    version: list.columns.version,
    bikes: status.map((one) => one?.num_bikes_available ?? null),
    docks: status.map((one) => one?.num_docks_available ?? null),
    condition: status.map(conditionOf),
    predicted: { bikes: bikesSaid, docks: docksSaid },
  }
}

async function predictedBy(
  source: CitySource,
  endpoint: string | undefined,
  { columns }: StationList,
  at: EpochSeconds,
): Promise<State['predicted'][Target]> {
  const batch = endpoint === undefined ? undefined : await newestBatch(source, endpoint, at)
  if (!batch) return null
  const { stations } = cacheOf(source)
  const said = columns.station_id.map((id) => saidOf(batch, stations.find(id), at))
  const thresholds = new Set(said.flatMap((one) => (one ? [one.maker.threshold] : [])))
  const [threshold] = thresholds
  return {
    endpoint: batch.endpoint,
    // Variants may have thresholds of their own: then there is no one figure.
    threshold: thresholds.size === 1 && threshold !== undefined ? threshold : null,
    score: said.map((one) => one?.score ?? null),
    stockout: said.map((one) => one?.stockout ?? null),
    onset: said.map((one) => (one ? one.count_now > STOCKOUT_AT_MOST : null)),
  }
}

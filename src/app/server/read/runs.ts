import { STOCKOUT_AT_MOST } from '../../../core/contracts/features.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { saidOf, type Batch, type Said } from './batch.ts'
import { batchesOf } from './batches.ts'
import { cacheOf } from './read-cache.ts'

/** Runs are followed back this far. */
const LOOK_BACK_SECONDS = DAY_SECONDS

/** What a run is of: batches that said the station runs out, or found it with two or fewer. */
export type RunOf = 'said' | 'empty'

const holds: Readonly<Record<RunOf, (said: Said) => boolean>> = {
  said: ({ stockout }) => stockout,
  empty: ({ count_now }) => count_now <= STOCKOUT_AT_MOST,
}

/**
 * The first slot of each station's unbroken run of batches that ends with `last`, at most a day before it. A batch that is
 * missing, or has nothing of the station, breaks the run.
 */
export async function runsSince(
  source: CitySource,
  last: Batch,
  at: EpochSeconds,
  stations: readonly { readonly id: string; readonly run: RunOf }[],
): Promise<ReadonlyMap<string, EpochSeconds>> {
  const numbers = cacheOf(source).stations
  const since = new Map(stations.map(({ id }) => [id, last.slot]))
  let open = stations.map(({ id, run }) => ({ id, run, station: numbers.find(id) }))
  for (let until = last.slot - BATCH_SECONDS; until >= last.slot - LOOK_BACK_SECONDS && open.length > 0;) {
    // The hours of one reading: a short run needs no more.
    const from = Math.max(Math.floor(until / HOUR_SECONDS) * HOUR_SECONDS, last.slot - LOOK_BACK_SECONDS)
    const batches = new Map(
      (await batchesOf(source, last.endpoint, from, until)).map((batch) => [batch.slot, batch]),
    )
    for (let slot = until; slot >= from && open.length > 0; slot -= BATCH_SECONDS) {
      const batch = batches.get(slot)
      open = open.filter(({ station, run }) => {
        const said = batch && saidOf(batch, station, at)
        return said !== undefined && holds[run](said)
      })
      for (const { id } of open) since.set(id, slot)
      until = slot - BATCH_SECONDS
    }
  }
  return since
}

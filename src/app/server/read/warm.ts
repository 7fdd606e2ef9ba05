import { TARGETS } from '../../../core/contracts/features.ts'
import { BATCH_SECONDS, DAY_SECONDS } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { momentOf } from './as-of.ts'
import { saidOf, type Said } from './batch.ts'
import { batchesOf, newestBatch } from './batches.ts'
import { chancesAt } from './chances.ts'
import { endpointAt } from './endpoints.ts'
import { forRequest } from './request.ts'
import { learnShortages } from './shortages.ts'
import { slotStates } from './slot-states.ts'
import { stateSnapshot } from './snapshot.ts'
import type { ViewOptions } from './state.ts'

/**
 * Reads what will be asked for next: the batch before and after the moment, its last 24 hours, what scores mean, and what
 * stations are expected to lose. For after an answer; one thing after the other, with a `pause` before each that takes long, so
 * that other answers are not held up. What is in memory already costs next to nothing.
 */
export async function warmReads(
  given: CitySource,
  o: ViewOptions,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  for (const moment of [at + BATCH_SECONDS, at - BATCH_SECONDS])
    if (moment <= source.now()) await stateSnapshot(source, moment)
  await pause()
  await slotStates(source, at - DAY_SECONDS + 1, at)
  for (const target of TARGETS) {
    const endpoint = await endpointAt(source, { at, stage: o.stage, target })
    if (endpoint === undefined) continue
    await pause()
    await batchesOf(source, endpoint, at - DAY_SECONDS + 1, Math.min(at + BATCH_SECONDS, source.now()))
    const batch = await newestBatch(source, endpoint, at)
    await pause()
    if (batch) await chancesAt(source, { endpoint, target, at }, firstSaid(batch, at))
  }
  await pause()
  await learnShortages(source, at)
}

/** One of each maker is enough. */
function firstSaid(batch: Parameters<typeof saidOf>[0], at: number): Said[] {
  const byMaker = new Map<number, Said>()
  for (const [row, station] of batch.stations.entries()) {
    const said = byMaker.has(batch.maker[row] ?? 0) ? undefined : saidOf(batch, station, at)
    if (said) byMaker.set(batch.maker[row] ?? 0, said)
  }
  return [...byMaker.values()]
}

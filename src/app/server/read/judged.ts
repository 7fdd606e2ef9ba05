import { setImmediate as othersFirst } from 'node:timers/promises'
import { STOCKOUT_AT_MOST, type Target } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import type { Batch } from './batch.ts'
import { batchesOf } from './batches.ts'
import { countsThen } from './outcomes.ts'
import { countIn } from './slot-states.ts'

/** Rows that are passed over before others have their turn: some milliseconds. */
const ROWS_AT_ONCE = 50_000

/** Predictions of an endpoint for the slots in `[from, until)`, with the outcomes that were due by `at`. */
export interface JudgedRange {
  readonly endpoint: string
  readonly target: Target
  readonly from: EpochSeconds
  readonly until: EpochSeconds
  readonly at: EpochSeconds
}

/** A prediction, by its batch and row, and whether the station ran out. */
type Visit = (batch: Batch, row: number, happened: boolean) => void

/**
 * Visits predictions that were made in time and whose outcome is known, by slot and station: those that a stage would read from
 * the lake's view of quality, of what the views have in memory.
 */
export async function visitJudged(source: CitySource, o: JudgedRange, visit: Visit): Promise<void> {
  const span = { from: o.from, to: o.until - 1 }
  const [batches, countsOf] = await Promise.all([
    batchesOf(source, o.endpoint, span.from, span.to),
    countsThen(source, { target: o.target, ...span, at: o.at }),
  ])
  let seen = 0
  for (const batch of batches) {
    const then = countsOf(batch.slot)
    const rows = batch.stations.length
    for (let row = 0; row < rows; row++) {
      const count = countIn(then, batch.stations[row])
      if (count !== null && batch.backfilled[row] !== 1) visit(batch, row, count <= STOCKOUT_AT_MOST)
    }
    seen += rows
    if (seen < ROWS_AT_ONCE) continue
    await othersFirst()
    seen = 0
  }
}

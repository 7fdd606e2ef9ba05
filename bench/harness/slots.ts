import {
  BATCH_SECONDS,
  batchFloor,
  dsOf,
  STATE_MAX_AGE_SECONDS,
  type EpochSeconds,
} from '../../src/core/time.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { timed } from './bench.ts'

/** Ten-minute slots in `[from, to)` at which the state of the city is known. */
export async function knownSlots(
  lake: Platform,
  city: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<EpochSeconds[]> {
  const snapshots = await lake.warehouse.rows<{ last_updated: number }>({
    name: 'snapshot times',
    sql: 'select distinct last_updated from status order by last_updated',
    tables: { status: { dataset: 'station_status', city, dsFrom: dsOf(from), dsTo: dsOf(to) } },
  })
  const slots: EpochSeconds[] = []
  for (let slot = batchFloor(from) + BATCH_SECONDS; slot < to; slot += BATCH_SECONDS)
    if (snapshots.some(({ last_updated: at }) => at <= slot && at >= slot - STATE_MAX_AGE_SECONDS))
      slots.push(slot)
  return slots
}

/** Seconds that `work` took at each of `slots`, one after another. */
export async function timesOf(
  slots: readonly EpochSeconds[],
  work: (slot: EpochSeconds) => Promise<unknown>,
): Promise<number[]> {
  const seconds: number[] = []
  for (const slot of slots) seconds.push((await timed(() => work(slot))).seconds)
  return seconds
}

import { setTimeout as sleep } from 'node:timers/promises'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, type Clock, type EpochSeconds } from '../../core/time.ts'
import type { CityScheduler, CityTick } from './city-scheduler.ts'
import { heldByText, LostLease, type LeaseRecord } from './lease.ts'

/** A lease that others hold is asked for this often, in seconds. */
const LEASE_PAUSE_SECONDS = 5
/** The clock is looked at this often at least, in seconds: it may be set meanwhile. */
const LONGEST_PAUSE_SECONDS = 30
/** After a tick that failed as a whole, in seconds. */
const FAILED_PAUSE_SECONDS = 30

/** How a city is kept going. */
export interface LiveOptions {
  readonly clock: Clock
  readonly report: Reporter
  readonly signal: AbortSignal
  /** Wait for a lease that another scheduler holds, instead of giving up. */
  readonly wait: boolean
  /** One tick, all that it missed with it, and the slow lane; then end. */
  readonly once?: boolean
  readonly onTick?: (tick: CityTick, now: EpochSeconds) => void
}

/**
 * Keeps one city going by the clock until the signal is aborted. A tick that fails is reported and tried again.
 * UNAVAILABLE when another scheduler holds or takes the lease, unless it is waited for.
 */
export async function keepGoing(scheduler: CityScheduler, o: LiveOptions): Promise<void> {
  while (!o.signal.aborted) {
    if (!(await haveLease(scheduler, o))) return
    try {
      await tickAfterTick(scheduler, o)
      return
    } catch (error) {
      if (!o.wait || !(error instanceof LostLease)) throw error
      o.report.warn(`${scheduler.city}: ${messageOf(error)}`)
    }
  }
}

async function haveLease(scheduler: CityScheduler, o: LiveOptions): Promise<boolean> {
  for (let told = false; !o.signal.aborted; told = true) {
    let heldBy: LeaseRecord | undefined
    try {
      heldBy = await scheduler.begin()
    } catch (error) {
      // A holder that is paused in the middle of a write keeps the whole lake locked; so does a disk that is away.
      if (!o.wait || !isOperatorError(error, 'UNAVAILABLE')) throw error
      o.report.warn(`${scheduler.city}: ${error.message}`)
      await pause(LEASE_PAUSE_SECONDS, o.signal)
      continue
    }
    if (!heldBy) return true
    const who = `the lake of "${scheduler.city}" has a scheduler already: ${heldByText(heldBy)}`
    if (!o.wait) throw new OperatorError('UNAVAILABLE', who, 'End that one first, or start with --wait.')
    if (!told) o.report.info(`${who}. Waiting for it.`)
    await pause(LEASE_PAUSE_SECONDS, o.signal)
  }
  return false
}

async function tickAfterTick(scheduler: CityScheduler, o: LiveOptions): Promise<void> {
  while (!o.signal.aborted) {
    const now = o.clock()
    let seconds = FAILED_PAUSE_SECONDS
    try {
      const tick = await scheduler.tick(now)
      o.onTick?.(tick, now)
      if (o.once === true) await scheduler.idle()
      if (o.once === true && tick.behind === 0) return
      seconds = tick.behind > 0 ? 0 : scheduler.nextDue(now) - o.clock()
    } catch (error) {
      if (error instanceof LostLease || o.once === true) throw error
      o.report.warn(`${scheduler.city}: the work of ${isoOf(now)} failed: ${messageOf(error)}`)
    }
    if (seconds > 0) await pause(Math.min(seconds, LONGEST_PAUSE_SECONDS), o.signal)
  }
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

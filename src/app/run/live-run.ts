import { messageOf, OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, type Clock, type EpochSeconds } from '../../core/time.ts'
import type { CityTick, CityScheduler } from '../../operations/scheduler/city-scheduler.ts'
import { keepGoing } from '../../operations/scheduler/live-loop.ts'
import type { Scheduler } from '../../operations/scheduler/scheduler.ts'

/** How cities are kept going. */
export interface LiveRunOptions {
  readonly clock: Clock
  readonly report: Reporter
  readonly signal: AbortSignal
  readonly wait: boolean
  readonly once: boolean
}

/**
 * Keeps every city going by itself until the signal is aborted: one that cannot be does not hold up the others. Rejects
 * with what ended the first that did, once all have ended.
 */
export async function keepCitiesGoing(scheduler: Scheduler, o: LiveRunOptions): Promise<void> {
  const runs = scheduler.cities.map(async (city) => {
    try {
      await keepGoing(city, { ...o, onTick: (tick, now) => tell(o.report, city, tick, now) })
    } catch (error) {
      if (scheduler.cities.length > 1) o.report.warn(`${city.city} is not kept going: ${messageOf(error)}`)
      throw error
    }
  })
  const ended = await Promise.allSettled(runs)
  const first = ended.find((run) => run.status === 'rejected')
  if (first) throw first.reason
}

/** One line for what a tick did, that a log can be read by. */
function tell(report: Reporter, { city }: CityScheduler, { ran, behind }: CityTick, now: EpochSeconds): void {
  const parts = ran.map(({ job, at, outcome, note, error }) => {
    const when = now - at > 900 ? ` of ${isoOf(at)}` : ''
    const what = error === null ? note : error.split('\n')[0]
    return `${job}${when}${outcome === 'done' ? '' : ` ${outcome}`}${what ? ` (${what})` : ''}`
  })
  if (behind > 0) parts.push(`${behind} more to catch up`)
  if (parts.length > 0) report.info(`${isoOf(now)} ${city}: ${parts.join(', ')}`)
}

/** USAGE for a name given twice. */
export function distinct(cities: readonly string[]): readonly string[] {
  const twice = cities.find((city, i) => cities.indexOf(city) !== i)
  if (twice !== undefined)
    throw new OperatorError('USAGE', `the city "${twice}" is named twice`, 'Name each city once.')
  return cities
}

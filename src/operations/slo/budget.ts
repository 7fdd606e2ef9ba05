import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { AVAILABILITY_OBJECTIVE, BURN_WINDOWS, FAST_BURN_SECONDS, PERIOD_SECONDS } from './objectives.ts'
import { badRuns, type BadReason, type BadRun, type Period } from './periods.ts'

/** How fast the budget went over a window that ends now: 1 spends all of it in exactly a month. */
export interface BurnRate {
  readonly window: string
  readonly rate: number | null
  readonly limit: number
  /** The rate is at or above its limit. */
  readonly burning: boolean
}

/** Availability of one endpoint in one month. Minutes are minutes of periods that count. */
export interface Availability {
  readonly objective: number
  /** Periods that counted so far, and those of them that were bad. */
  readonly periods: number
  readonly bad_periods: number
  readonly bad_by_reason: Readonly<Record<BadReason, number>>
  /** Good share; null when no period counted. */
  readonly availability: number | null
  readonly met: boolean | null
  /** The whole month's budget; what is left is negative when it is overspent. */
  readonly budget_minutes: number | null
  readonly spent_minutes: number | null
  readonly left_minutes: number | null
  readonly burn_rates: readonly BurnRate[]
  /** Runs of at least 15 minutes, which page; the last one is `burning_now` while it goes on. */
  readonly fast_burns: readonly BadRun[]
  readonly burning_now: boolean
}

const MINUTES = PERIOD_SECONDS / 60

/**
 * Judges the periods of a month. `dueUntil` is where the month, or the endpoint's time in it, ends: batches that are still to
 * come have their share in the budget.
 */
export function availabilityOf(
  periods: readonly Period[],
  span: { readonly now: EpochSeconds; readonly dueUntil: EpochSeconds },
): Availability {
  const bad = periods.filter((period) => period.bad.length > 0)
  const availability = periods.length === 0 ? null : 1 - bad.length / periods.length
  const runs = badRuns(periods)
  const fast = runs.filter((run) => run.until - run.from >= FAST_BURN_SECONDS)
  const last = periods.at(-1)
  const toCome = last ? Math.max(0, Math.ceil((span.dueUntil - nextSlot(last.from)) / BATCH_SECONDS)) : 0
  const budget = last ? (1 - AVAILABILITY_OBJECTIVE) * (periods.length + toCome) * MINUTES : null
  const spent = last ? bad.length * MINUTES : null
  return {
    objective: AVAILABILITY_OBJECTIVE,
    periods: periods.length,
    bad_periods: bad.length,
    bad_by_reason: {
      '5xx': bad.filter((period) => period.bad.includes('5xx')).length,
      latency: bad.filter((period) => period.bad.includes('latency')).length,
      heartbeat: bad.filter((period) => period.bad.includes('heartbeat')).length,
    },
    availability,
    met: availability === null ? null : availability >= AVAILABILITY_OBJECTIVE,
    budget_minutes: budget,
    spent_minutes: spent,
    left_minutes: budget === null || spent === null ? null : budget - spent,
    burn_rates: BURN_WINDOWS.map(({ name, seconds, limit }) => {
      const rate = burnRate(periods, span.now - seconds)
      return { window: name, rate, limit, burning: rate !== null && rate >= limit }
    }),
    fast_burns: fast,
    burning_now:
      last !== undefined && last.bad.length > 0 && fast.at(-1)?.until === last.from + PERIOD_SECONDS,
  }
}

/** Bad share of the periods that begin at `from` or later, against the share that the objective allows. */
function burnRate(periods: readonly Period[], from: EpochSeconds): number | null {
  const window = periods.filter((period) => period.from >= from)
  if (window.length === 0) return null
  const bad = window.filter((period) => period.bad.length > 0).length
  return bad / window.length / (1 - AVAILABILITY_OBJECTIVE)
}

const nextSlot = (t: EpochSeconds): EpochSeconds => (Math.floor(t / BATCH_SECONDS) + 1) * BATCH_SECONDS

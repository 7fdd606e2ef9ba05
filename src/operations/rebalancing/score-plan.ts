import type { Plan, PlanScore } from '../../core/contracts/plan.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { countryOfTimezone } from '../../data/features/holidays.ts'
import { cityBehind } from '../../data/simulation/city-behind.ts'
import type { Platform } from '../../platform/ports.ts'
import { observedScore } from './observed-score.ts'
import { simulatedScore } from './simulated-score.ts'

/** Futures that a plan is lived through in, unless told otherwise. */
const FUTURES = 20
/** A horizon is known whole when the last snapshot is at most this long before its end. */
const TOLERANCE_SECONDS = 900

/** What a score is made from. */
export interface ScoreOptions {
  readonly plan: Plan
  readonly now: EpochSeconds
  /** For public holidays; guessed from the plan's time zone when left out. */
  readonly country?: string | null
  readonly futures?: number
  readonly report?: Reporter
  readonly signal?: AbortSignal
}

/**
 * Scores a plan: against what happened at its stations since, and, where the lake was filled from a simulated city, by
 * living through its horizon with and without its moves. What cannot be known is null, with the reason. Nothing is stored.
 */
export async function scorePlan(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: ScoreOptions,
): Promise<PlanScore> {
  const { plan, now } = o
  const zone = {
    city: plan.city,
    timezone: plan.timezone,
    country: o.country === undefined ? countryOfTimezone(plan.timezone) : o.country,
  }
  const moves = plan.routes.length > 0
  const until = Math.min(now, plan.horizon_ends_at)
  const observed = moves && until > plan.at ? await observedScore(platform, plan, zone, until) : undefined
  const simulated = moves ? await simulate(platform, o) : undefined
  return {
    score_version: 1,
    plan_id: plan.id,
    scored_at: now,
    complete: observed !== undefined && observed.to >= plan.horizon_ends_at - TOLERANCE_SECONDS,
    expected_avoided: plan.objective.avoided,
    observed: observed ?? null,
    observed_missing_reason: observed
      ? null
      : moves
        ? 'no snapshot has come since it began'
        : 'the plan moves no bike',
    simulated: simulated ?? null,
    simulated_missing_reason: simulated
      ? null
      : moves
        ? 'no simulated city is behind this lake'
        : 'the plan moves no bike',
  }
}

async function simulate(
  { store }: Pick<Platform, 'store'>,
  o: ScoreOptions,
): Promise<PlanScore['simulated'] | undefined> {
  const city = await cityBehind(store)
  if (city === undefined || o.plan.at < city.from) return undefined
  const futures = o.futures ?? FUTURES
  const progress = (o.report ?? silentReporter).start('living through futures', futures)
  const score = await simulatedScore(o.plan, {
    city,
    futures,
    progress: (done) => progress.update(done),
    ...(o.signal === undefined ? {} : { signal: o.signal }),
  })
  progress.end()
  return score
}

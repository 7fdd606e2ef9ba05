import type { Config } from '../../core/config/schema.ts'
import type { Plan, PlanScore } from '../../core/contracts/plan.ts'
import type { Reporter } from '../../core/report.ts'
import { type EpochSeconds, HOUR_SECONDS } from '../../core/time.ts'
import type { LakeInfo } from '../../data/lake/lake-info.ts'
import { decidePlan, storeScore } from '../../operations/rebalancing/plan-store.ts'
import { proposePlan } from '../../operations/rebalancing/propose-plan.ts'
import { scorePlan } from '../../operations/rebalancing/score-plan.ts'
import type { Platform } from '../../platform/ports.ts'

/** Plans of a demo: one of some hours ago, with what came of it, and one for now, to be decided. */
export interface PlanStory {
  readonly scored: { readonly plan: Plan; readonly score: PlanScore } | null
  readonly proposed: Plan
}

/** A horizon and a little more ago. */
const AGO = 5 * HOUR_SECONDS
/** Futures that it is lived through in; each takes about a second. */
const FUTURES = 6

/** Makes both plans as of the end of the recording. */
export async function tellPlans(
  lake: Pick<Platform, 'store' | 'warehouse'>,
  { city, timezone, country }: LakeInfo,
  o: {
    readonly now: EpochSeconds
    readonly config: Config
    readonly by: string
    readonly report: Reporter
    readonly signal: AbortSignal
    readonly elapsedMs: () => number
  },
): Promise<PlanStory> {
  const { now, by, report, signal, elapsedMs } = o
  const plan = (at: EpochSeconds): Promise<Plan> =>
    proposePlan(lake, {
      city,
      timezone,
      country,
      now: at,
      configured: o.config.rebalancing,
      by,
      report,
      signal,
      elapsedMs,
    })
  const earlier = await plan(now - AGO)
  let scored: PlanStory['scored'] = null
  if (earlier.routes.length > 0) {
    const decided = await decidePlan(lake.store, {
      id: earlier.id,
      decision: 'reject',
      by,
      why: 'the demo has no trucks; what it would have done is scored',
      now: now - AGO,
    })
    const score = await scorePlan(lake, { plan: decided, now, country, futures: FUTURES, report, signal })
    await storeScore(lake.store, score)
    scored = { plan: decided, score }
  }
  return { scored, proposed: await plan(now) }
}

/** The plans in words, one line each. */
export function planLines({ scored, proposed }: PlanStory): string[] {
  const said = ({ id, routes, objective, greedy, no_plan_reason }: Plan): string =>
    routes.length === 0
      ? `${id}: no moves, since ${no_plan_reason ?? 'none helps'}`
      : `${id}: ${routes.length} trucks, ${routes.reduce((sum, { bikes }) => sum + bikes, 0)} bikes, ${objective.avoided.toFixed(1)} lost rides avoided (greedy: ${greedy.objective.avoided.toFixed(1)})`
  const lines = [`Rebalancing plan ${said(proposed)}.`]
  const simulated = scored?.score.simulated
  if (scored)
    lines.push(
      `An earlier one, ${said(scored.plan)}${simulated ? `; in the simulated city it avoided ${simulated.avoided.mean.toFixed(1)}` : ''}.`,
    )
  return lines
}

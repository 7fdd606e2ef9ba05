import {
  planSchema,
  planScoreSchema,
  type Plan,
  type PlanDecision,
  type PlanScore,
} from '../../core/contracts/plan.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { checkPlan } from './check-plan.ts'

const PREFIX = 'plans/'
/** Ids begin with a day; what else stands under `plans/` (constraints, demand) is no plan. */
const ID = /^\d{4}-\d{2}-\d{2}-[a-z0-9-]+$/

const keyOf = (id: string): string => `${PREFIX}${id}/plan.json`
const scoreKeyOf = (id: string): string => `${PREFIX}${id}/score.json`

/**
 * Keeps a plan as proposed. One that is there already under its id (made from the same) stays as it is, with what was decided
 * of it, and is given. CHECK_FAILED for a plan that breaks a constraint.
 */
export async function storePlan(store: ObjectStore, plan: Plan): Promise<Plan> {
  const wrong = checkPlan(plan)
  if (wrong.length > 0)
    throw new OperatorError(
      'CHECK_FAILED',
      `the plan ${plan.id} cannot be driven: ${wrong.join('; ')}`,
      'Make it anew.',
    )
  try {
    await store.put(keyOf(plan.id), text(planSchema.parse(plan)), { ifAbsent: true })
    return plan
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    return readPlan(store, plan.id)
  }
}

/** A plan. NOT_FOUND without it, CORRUPT when it is damaged. */
export async function readPlan(store: ObjectStore, id: string): Promise<Plan> {
  return (await requirePlan(store, id)).plan
}

/** Every plan, the newest first. One that is damaged is left out, and heard of by `damaged`. */
export async function listPlans(
  store: ObjectStore,
  damaged: (id: string, error: OperatorError) => void = () => {},
): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const id of await store.folders(PREFIX)) {
    if (!ID.test(id)) continue
    try {
      plans.push(await readPlan(store, id))
    } catch (error) {
      if (isOperatorError(error, 'CORRUPT')) damaged(id, error)
      // A folder without its plan was left by nobody of this system.
      else if (!isOperatorError(error, 'NOT_FOUND')) throw error
    }
  }
  return plans.sort((a, b) => b.at - a.at || b.made_at - a.made_at || (a.id < b.id ? -1 : 1))
}

const DECIDED = { accept: 'accepted', reject: 'rejected' } as const

/**
 * Accepts or rejects a plan, and says in it who did so, why and when. Decided the same way again, it stays as it is; the other
 * way, CHECK_FAILED. USAGE without a name.
 */
export async function decidePlan(
  store: ObjectStore,
  o: {
    readonly id: string
    readonly decision: PlanDecision
    readonly by: string
    readonly why: string
    readonly now: EpochSeconds
  },
): Promise<Plan> {
  if (o.by.trim() === '') throw new OperatorError('USAGE', 'a decision needs a name', 'Give --by.')
  const state = DECIDED[o.decision]
  for (;;) {
    const { plan, etag } = await requirePlan(store, o.id)
    if (plan.state === state) return plan
    const [last] = plan.events.slice(-1)
    if (plan.state !== 'proposed') {
      throw new OperatorError(
        'CHECK_FAILED',
        `the plan ${o.id} was ${plan.state} by ${last?.by ?? 'somebody'}`,
        'Make a new plan: what was decided stays on the record.',
      )
    }
    const decided: Plan = {
      ...plan,
      state,
      events: [...plan.events, { at: o.now, by: o.by, action: state, why: o.why }],
    }
    try {
      await store.put(keyOf(o.id), text(planSchema.parse(decided)), { ifMatch: etag })
      return decided
    } catch (error) {
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
}

/** The newest score of a plan; undefined when it was never scored. */
export async function readScore(store: ObjectStore, id: string): Promise<PlanScore | undefined> {
  const object = ID.test(id) ? await store.get(scoreKeyOf(id)) : undefined
  return object && parsed(scoreKeyOf(id), object.body, (json) => planScoreSchema.parse(json))
}

/** Keeps a score beside its plan; a later one replaces it. */
export async function storeScore(store: ObjectStore, score: PlanScore): Promise<void> {
  await store.put(scoreKeyOf(score.plan_id), text(planScoreSchema.parse(score)))
}

async function requirePlan(
  store: ObjectStore,
  id: string,
): Promise<{ readonly plan: Plan; readonly etag: string }> {
  const object = ID.test(id) ? await store.get(keyOf(id)) : undefined
  if (object === undefined)
    throw new OperatorError('NOT_FOUND', `there is no plan "${id}"`, 'See `bikeshare plan list`.')
  return { plan: parsed(keyOf(id), object.body, (json) => planSchema.parse(json)), etag: object.etag }
}

function parsed<T>(key: string, body: Uint8Array, parse: (json: unknown) => T): T {
  try {
    return parse(JSON.parse(new TextDecoder().decode(body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Restore it from a backup.',
      error,
    )
  }
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

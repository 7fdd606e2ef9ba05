import type { PlanListed } from '../../../core/contracts/api/plans.ts'
import type { Plan } from '../../../core/contracts/plan.ts'
import { readConstraints } from '../../../operations/rebalancing/constraints-store.ts'
import { listPlans, readPlan, readScore } from '../../../operations/rebalancing/plan-store.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { ShownCity } from '../city-source.ts'
import type { Answerers } from './asked.ts'
import { findCity } from './city-answers.ts'

const MOST_PLANS = 100

/** Answers of the routes that read plans and constraints. */
export function readPlanAnswers(
  cities: readonly ShownCity[],
): Pick<Answerers, 'plans' | 'plan' | 'constraints'> {
  const find = findCity(cities)
  return {
    plans: async ({ params }) => {
      const { platform, info } = await find(params.city)
      const newest = (await listPlans(platform.store)).slice(0, MOST_PLANS)
      return {
        timezone: info.timezone,
        plans: await Promise.all(newest.map((plan) => listed(platform.store, plan))),
      }
    },
    plan: async ({ params }) => {
      const { store } = (await find(params.city)).platform
      return { plan: await readPlan(store, params.id), score: (await readScore(store, params.id)) ?? null }
    },
    constraints: async ({ params }) => readConstraints((await find(params.city)).platform.store),
  }
}

async function listed(store: ObjectStore, plan: Plan): Promise<PlanListed> {
  const { id, made_at, at, horizon_ends_at, state, events, no_plan_reason, objective, solver, routes } = plan
  return {
    id,
    made_at,
    at,
    horizon_ends_at,
    state,
    events,
    no_plan_reason,
    objective,
    solver,
    trucks: routes.length,
    stops: routes.reduce((sum, { stops }) => sum + stops.length, 0),
    bikes: routes.reduce((sum, { bikes }) => sum + bikes, 0),
    greedy_objective: plan.greedy.objective,
    score: (await readScore(store, id)) ?? null,
  }
}

import { writeConstraints } from '../../../operations/rebalancing/constraints-store.ts'
import { decidePlan, readScore } from '../../../operations/rebalancing/plan-store.ts'
import { proposePlan } from '../../../operations/rebalancing/propose-plan.ts'
import { nameOf } from '../access/visitor.ts'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Refusal } from '../http/problem.ts'
import type { Answerers } from './asked.ts'
import { findCity } from './city-answers.ts'
import { openQueue } from './queue.ts'
import { readPlanAnswers } from './read-plan-answers.ts'

type PlanAnswers = Pick<
  Answerers,
  'plans' | 'plan' | 'makePlan' | 'decidePlan' | 'constraints' | 'setConstraints'
>

/** Plans that wait for their turn, over all cities: each takes a core for as long as it may. */
const MOST_WAITING = 3

/** Answers of the routes about plans. One is made at a time; whoever goes away before it is made gives up on it. */
export function planAnswers(o: DashboardOptions): { readonly answerers: PlanAnswers; close(): void } {
  const find = findCity(o.cities)
  const queue = openQueue(MOST_WAITING)
  const stop = new AbortController()
  return {
    answerers: {
      ...readPlanAnswers(o.cities),
      makePlan: async ({ params, body, visitor, gone }) => {
        const { platform, config, info, now } = await find(params.city)
        const signal = AbortSignal.any([gone, stop.signal])
        const plan = await queue.run(signal, () =>
          proposePlan(platform, {
            city: info.city,
            timezone: info.timezone,
            country: info.country,
            now: now(),
            configured: config.rebalancing,
            asked: given(body),
            by: nameOf(visitor),
            signal,
            elapsedMs: o.elapsedMs,
          }),
        )
        return { plan, score: null }
      },
      decidePlan: async ({ params, body, visitor }) => {
        const { platform, now } = await find(params.city)
        const { store } = platform
        const plan = await decidePlan(store, { ...body, id: params.id, by: nameOf(visitor), now: now() })
        return { plan, score: (await readScore(store, params.id)) ?? null }
      },
      setConstraints: async ({ params, body, visitor, ifMatch, ifNoneMatch }) => {
        const { platform, now } = await find(params.city)
        if (ifMatch === undefined && ifNoneMatch !== '*')
          throw new Refusal(
            428,
            'PRECONDITION_REQUIRED',
            'the constraints are set over those that were looked at, and it is not said which',
            'Send If-Match with their etag, or If-None-Match: * when none were ever set.',
          )
        return writeConstraints(platform.store, body, {
          by: nameOf(visitor),
          now: now(),
          etag: ifMatch ?? null,
        })
      },
    },
    close: () => stop.abort(),
  }
}

/** What was asked for, without what was left out. */
function given<T extends object>(body: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { SETTINGS } from '../../../test/support/assessed-city.ts'
import type { Plan } from '../../core/contracts/plan.ts'
import { NO_CONSTRAINTS } from './constraints-store.ts'
import { decidePlan, listPlans, readPlan, storePlan } from './plan-store.ts'

const NOTHING = { lost_without: 3, lost_with: 3, avoided: 0 }
const plan = (id: string, at = 1_700_000_000): Plan => ({
  plan_version: 1,
  id,
  city: 'nyc',
  timezone: 'America/New_York',
  made_at: at,
  at,
  horizon_ends_at: at + 7200,
  state: 'proposed',
  events: [{ at, by: 'ann', action: 'proposed', why: '' }],
  settings: SETTINGS,
  constraints: NO_CONSTRAINTS,
  basis: {
    state_at: at,
    stations: 5,
    history_days: 0,
    history_from: null,
    history_to: null,
    predictions_bikes: null,
    predictions_docks: null,
  },
  no_plan_reason: 'there is no truck',
  objective: NOTHING,
  solver: {
    name: 'HiGHS',
    status: 'none',
    message: null,
    bound: null,
    gap: null,
    relaxed_bound: null,
    candidate_stations: 0,
    routes_considered: 0,
    seconds: null,
    source: 'none',
  },
  routes: [],
  greedy: { objective: NOTHING, routes: [] },
})
const ID = '2023-11-14-2213-aaaaaaaa'

describe('stored plans', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  it('are listed with the newest first, and nothing else that stands there', async () => {
    const older = await storePlan(platform.store, plan(ID))
    const newer = await storePlan(platform.store, plan('2023-11-15-2213-bbbbbbbb', 1_700_086_400))
    await platform.store.put('plans/constraints.json', '{}')
    await platform.store.put('plans/demand/city=nyc/ds=2023-11-13/flows.json.gz', '')
    await platform.store.put('plans/2023-11-16-0000-cccccccc/plan.json', '{')
    const damaged: string[] = []
    expect(await listPlans(platform.store, (id) => damaged.push(id))).toEqual([newer, older])
    expect(damaged).toEqual(['2023-11-16-0000-cccccccc'])
  })

  it('are decided once, by whom and why, and the same again is the same', async () => {
    await storePlan(platform.store, plan(ID))
    const decision = {
      id: ID,
      decision: 'accept',
      by: 'bob',
      why: 'looks right',
      now: 1_700_000_100,
    } as const
    const accepted = await decidePlan(platform.store, decision)
    expect(accepted.state).toBe('accepted')
    expect(accepted.events[1]).toEqual({
      at: 1_700_000_100,
      by: 'bob',
      action: 'accepted',
      why: 'looks right',
    })
    expect(await decidePlan(platform.store, { ...decision, now: 1_700_000_200 })).toEqual(accepted)
    await expect(decidePlan(platform.store, { ...decision, decision: 'reject' })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
    })
    expect(await readPlan(platform.store, ID)).toEqual(accepted)
  })

  it('made again stay as they were decided', async () => {
    await storePlan(platform.store, plan(ID))
    await decidePlan(platform.store, { id: ID, decision: 'reject', by: 'bob', why: '', now: 1_700_000_100 })
    expect((await storePlan(platform.store, plan(ID))).state).toBe('rejected')
  })

  it('of two who decide at once, both are heard or one is told', async () => {
    await storePlan(platform.store, plan(ID))
    const outcomes = await Promise.allSettled(
      (['accept', 'reject'] as const).map((decision) =>
        decidePlan(platform.store, { id: ID, decision, by: 'ann', why: '', now: 1_700_000_100 }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await readPlan(platform.store, ID)).events).toHaveLength(2)
  })

  it('that cannot be driven are not kept', async () => {
    const wrong = { ...plan(ID), no_plan_reason: null }
    await expect(storePlan(platform.store, wrong)).rejects.toMatchObject({ code: 'CHECK_FAILED' })
    expect(await listPlans(platform.store)).toEqual([])
  })

  it.each(['', '..', '../constraints', 'demand', `${ID}/../x`])('has none of the id "%s"', async (id) => {
    await expect(readPlan(platform.store, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

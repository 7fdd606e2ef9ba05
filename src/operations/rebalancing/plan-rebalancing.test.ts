import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { SETTINGS } from '../../../test/support/assessed-city.ts'
import { planSchema, planScoreSchema } from '../../core/contracts/plan.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS } from '../../core/time.ts'
import { importRecording } from '../../data/lake/import.ts'
import { rememberCity } from '../../data/simulation/city-behind.ts'
import { writeSimulation } from '../../data/simulation/write.ts'
import { checkPlan } from './check-plan.ts'
import { NO_CONSTRAINTS } from './constraints-store.ts'
import { planRebalancing, type PlanOptions } from './plan-rebalancing.ts'
import { scorePlan } from './score-plan.ts'

const CITY = {
  seed: 3,
  stations: 30,
  from: Date.UTC(2024, 8, 2) / 1000,
  timezone: 'America/New_York',
  country: 'US',
}
/** 16:30 of the third day, a Wednesday; the lake has that evening too. */
const AT = CITY.from + 2 * DAY_SECONDS + 20.5 * 3600

describe('a plan for a city', () => {
  let platform: LocalPlatform
  beforeAll(async () => {
    platform = await openLocalPlatform()
    const written = await writeSimulation(platform.warehouse, {
      ...CITY,
      days: 3,
      faults: false,
      status: 'recording/status.parquet',
      information: 'recording/information.parquet',
      weather: 'recording/weather.parquet',
    })
    await importRecording(platform, {
      city: 'sim',
      timezone: CITY.timezone,
      country: 'US',
      status: written.status.map(({ key }) => join(platform.root, key)),
      information: [join(platform.root, written.information.key)],
      report: silentReporter,
    })
  })
  afterAll(() => platform.close())

  const plan = (change: Partial<PlanOptions> = {}) =>
    planRebalancing(platform, {
      city: 'sim',
      timezone: CITY.timezone,
      country: 'US',
      now: AT,
      settings: SETTINGS,
      constraints: NO_CONSTRAINTS,
      by: 'ann',
      ...change,
    })

  it('can be driven, is proven, beats the greedy one or equals it, and is the same when made again', async () => {
    const made = await plan()
    expect(planSchema.parse(made)).toEqual(made)
    expect(checkPlan(made)).toEqual([])
    expect(made.routes.length).toBeGreaterThan(0)
    expect(made.objective.avoided).toBeGreaterThanOrEqual(made.greedy.objective.avoided - 1e-9)
    expect(made.solver.gap).toBeGreaterThanOrEqual(0)
    expect(made.solver.relaxed_bound).toBeGreaterThanOrEqual(made.objective.avoided)
    expect(made.objective.lost_with).toBeGreaterThan(0)
    expect(made.basis).toMatchObject({
      history_days: 2,
      history_from: '2024-09-02',
      history_to: '2024-09-03',
    })
    expect(await plan()).toEqual(made)
  })

  it('knows nothing of what came after it', async () => {
    expect(await plan({ now: AT + 3 * 3600, at: AT })).toMatchObject({
      objective: (await plan()).objective,
    })
  })

  it('without a solution says why, and is no error', async () => {
    const ids = Array.from({ length: CITY.stations }, (_, n) => `s${String(n + 1).padStart(3, '0')}`)
    const closed = {
      ...NO_CONSTRAINTS,
      closed_stations: ids.map((station_id) => ({ station_id, why: 'snow' })),
    }
    const off = { id: 'ann', depot: null, capacity: null, shift_minutes: null, active: false }
    const cases: readonly [RegExp, Partial<PlanOptions>][] = [
      [/no truck/, { settings: { ...SETTINGS, trucks: 0 } }],
      [/no truck/, { constraints: { ...NO_CONSTRAINTS, crews: [off] } }],
      [/closed/, { constraints: closed }],
      [/no move|no two stations/, { settings: { ...SETTINGS, shift_minutes: 5 } }],
      [/no whole day/, { now: CITY.from + 12 * 3600 }],
    ]
    for (const [reason, change] of cases) {
      const made = await plan(change)
      expect(made.no_plan_reason).toMatch(reason)
      expect(made.routes).toEqual([])
      expect(made.objective.avoided).toBe(0)
      expect(checkPlan(made)).toEqual([])
    }
  })

  it('is the greedy one when the solver hangs or breaks, and says so', async () => {
    const start = (code: string) => ({ startSearch: () => new Worker(code, { eval: true }) })
    const hung = await plan({ settings: { ...SETTINGS, time_limit_seconds: 0.5 }, ...start('for (;;) {}') })
    expect(hung.solver).toMatchObject({ status: 'timeout', source: 'greedy' })
    // Without a bound of the solver's, the relaxation's.
    expect(hung.solver.bound).toBe(hung.solver.relaxed_bound)
    expect(hung.solver.gap).toBeGreaterThan(0)
    expect(hung.routes).toEqual(hung.greedy.routes)
    const broken = await plan(start('throw new Error("no memory")'))
    expect(broken.solver).toMatchObject({ status: 'failed', source: 'greedy', message: 'no memory' })
  })

  it('is refused for a time to come, for senseless settings, and without a snapshot', async () => {
    await expect(plan({ at: AT + 60 })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(plan({ settings: { ...SETTINGS, capacity: -1 } })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(plan({ now: AT + 30 * DAY_SECONDS })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is scored against what happened and by living through its horizon; nothing is scored as nothing', async () => {
    const made = await plan()
    const later = AT + 3 * 3600
    const real = await scorePlan(platform, { plan: made, now: later, country: 'US' })
    expect(real.complete).toBe(true)
    expect(real.observed?.known_minutes).toBeGreaterThan(0)
    expect(real.observed?.replayed_avoided).not.toBeNull()
    expect(real).toMatchObject({
      simulated: null,
      simulated_missing_reason: expect.stringMatching(/no simulated/),
    })
    await rememberCity(platform.store, CITY)
    const score = await scorePlan(platform, { plan: made, now: AT, country: 'US', futures: 4 })
    expect(planScoreSchema.parse(score)).toEqual(score)
    expect(score).toMatchObject({ complete: false, observed: null })
    expect(score.simulated?.lost_without).toHaveLength(4)
    expect(new Set(score.simulated?.lost_without).size).toBeGreaterThan(1)
    const nothing = await scorePlan(platform, { plan: { ...made, routes: [] }, now: later, futures: 2 })
    expect(nothing).toMatchObject({ observed: null, simulated: null })
  })
})

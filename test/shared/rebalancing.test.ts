import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configSchema } from '../../src/core/config/schema.ts'
import type { Plan } from '../../src/core/contracts/plan.ts'
import { silentReporter } from '../../src/core/report.ts'
import { parseTime } from '../../src/core/time.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { checkPlan } from '../../src/operations/rebalancing/check-plan.ts'
import { NO_CONSTRAINTS } from '../../src/operations/rebalancing/constraints-store.ts'
import { planRebalancing } from '../../src/operations/rebalancing/plan-rebalancing.ts'
import { scorePlan } from '../../src/operations/rebalancing/score-plan.ts'
import { planSettings } from '../../src/operations/rebalancing/settings.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

/** Two weeks of San Francisco, and an evening after them. */
const FROM = parseTime('2023-04-24T00:00:00Z')
const PEAK = parseTime('2023-05-09T23:30:00Z')
const UNTIL = parseTime('2023-05-10T06:00:00Z')

describe('a plan for an evening peak in San Francisco', () => {
  let platform: LocalPlatform
  let plan: Plan
  beforeAll(async () => {
    platform = await openLocalPlatform()
    await importRecording(platform, {
      city: 'sf',
      timezone: 'America/Los_Angeles',
      country: 'US',
      status: [join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet')],
      information: [join(SHARED_DATA, 'sf_information.parquet')],
      from: FROM,
      to: UNTIL,
      report: silentReporter,
    })
    plan = await planRebalancing(platform, {
      city: 'sf',
      timezone: 'America/Los_Angeles',
      country: 'US',
      now: PEAK,
      settings: planSettings(configSchema.parse({}).rebalancing, NO_CONSTRAINTS, {
        trucks: 5,
        time_limit_seconds: 300,
      }),
      constraints: NO_CONSTRAINTS,
      by: 'test',
    })
  })
  afterAll(() => platform.close())

  it('beats the greedy one on expected lost rides, and is proven over its routes', () => {
    expect(plan.objective.avoided).toBeGreaterThan(1.02 * plan.greedy.objective.avoided)
    expect(plan.solver).toMatchObject({ source: 'milp' })
    expect(plan.solver.gap).toBeLessThan(0.05)
    expect(plan.objective.avoided).toBeLessThan(plan.solver.relaxed_bound ?? 0)
  })

  it('can be driven', () => {
    expect(checkPlan(plan)).toEqual([])
    expect(plan.routes).toHaveLength(5)
  })

  it('is scored against the evening that came', async () => {
    const score = await scorePlan(platform, { plan, now: UNTIL, country: 'US' })
    expect(score.observed?.known_minutes).toBeGreaterThan(0)
    expect(score.simulated).toBeNull()
  })
})

import { join } from 'node:path'
import type { PlanSettings } from '../../src/core/contracts/plan.ts'
import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS } from '../../src/core/time.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { NO_CONSTRAINTS } from '../../src/operations/rebalancing/constraints-store.ts'
import { planRebalancing } from '../../src/operations/rebalancing/plan-rebalancing.ts'
import { liveFutures, type LivedFuture } from '../../src/operations/rebalancing/simulated-score.ts'
import { withPlatform } from '../harness/lakes.ts'

/** One city: riders lost in the hours after 16:30, as it is, with the greedy plan and with the plan; means over its futures. */
export interface CityRow {
  readonly seed: number
  readonly riders: number
  readonly lost: number
  readonly expected: number
  readonly greedy: number
  readonly plan: number
}

const FROM = Date.UTC(2024, 8, 2) / 1000
const TIMEZONE = 'America/New_York'
/** Two weeks of history, and the Monday after them. */
const DAYS = 15
/** 16:30 in New York in summer: 20:30 UTC. */
const AT = FROM + (DAYS - 1) * DAY_SECONDS + 20.5 * 3600

/** Plans for the evening peak of simulated cities, each by its lake alone, and lives through what comes with and without. */
export async function simulatedCities(
  folder: string,
  o: {
    readonly seeds: number
    readonly stations: number
    readonly futures: number
    readonly settings: PlanSettings
  },
): Promise<CityRow[]> {
  const rows: CityRow[] = []
  for (let seed = 1; seed <= o.seeds; seed++) {
    const row = await oneCity(join(folder, `city-${seed}`), seed, o)
    process.stderr.write(`seed ${seed}: ${JSON.stringify(row)}\n`)
    rows.push(row)
  }
  return rows
}

async function oneCity(
  root: string,
  seed: number,
  o: { readonly stations: number; readonly futures: number; readonly settings: PlanSettings },
): Promise<CityRow> {
  const city = { seed, stations: o.stations, from: FROM, timezone: TIMEZONE, country: 'US' }
  const plan = await withPlatform(root, async (platform) => {
    const written = await writeSimulation(platform.warehouse, {
      ...city,
      days: DAYS,
      faults: false,
      status: 'recording/status.parquet',
      information: 'recording/information.parquet',
      weather: 'recording/weather.parquet',
    })
    await importRecording(platform, {
      city: 'sim',
      timezone: TIMEZONE,
      country: 'US',
      status: written.status.map(({ key }) => join(root, key)),
      information: [join(root, written.information.key)],
      weather: [join(root, written.weather.key)],
      report: silentReporter,
    })
    return planRebalancing(platform, {
      city: 'sim',
      timezone: TIMEZONE,
      country: 'US',
      now: AT,
      settings: o.settings,
      constraints: NO_CONSTRAINTS,
      by: 'bench',
    })
  })
  const { at, horizon_ends_at } = plan
  const futures = await liveFutures({ at, horizon_ends_at }, [plan, plan.greedy], {
    city,
    futures: o.futures,
  })
  const mean = (of: (future: LivedFuture) => number): number =>
    futures.reduce((sum, future) => sum + of(future), 0) / futures.length
  const avoidedBy = (n: number): number =>
    mean(({ lostWithout, lostWith }) => lostWithout - (lostWith[n] ?? 0))
  return {
    seed,
    riders: mean(({ riders }) => riders),
    lost: mean(({ lostWithout }) => lostWithout),
    expected: plan.objective.avoided,
    greedy: avoidedBy(1),
    plan: avoidedBy(0),
  }
}

import { DAY_SECONDS, dsOf, parseDs, type EpochSeconds } from '../../src/core/time.ts'
import { isOperatorError } from '../../src/core/errors.ts'
import { observedScore } from '../../src/operations/rebalancing/observed-score.ts'
import { planRebalancing } from '../../src/operations/rebalancing/plan-rebalancing.ts'
import { NO_CONSTRAINTS } from '../../src/operations/rebalancing/constraints-store.ts'
import type { PlanSettings } from '../../src/core/contracts/plan.ts'
import type { Platform } from '../../src/platform/ports.ts'

/** One evening peak: what the plan and the greedy one expect to avoid, and what the recorded trips say of both. */
export interface PeakRow {
  readonly day: string
  readonly lost: number
  readonly greedy: number
  readonly plan: number
  readonly gap: number | null
  readonly relaxed: number | null
  readonly status: string
  readonly greedyReplayed: number | null
  readonly planReplayed: number | null
}

const ZONE = { city: 'sf', timezone: 'America/Los_Angeles', country: 'US' }
/** 16:30 in San Francisco in summer: 23:30 UTC. */
const PEAK_SECONDS = 23.5 * 3600

/** Plans for the evening peak of the last working days of the San Francisco recording, as known then. */
export async function recordedPeaks(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: {
    readonly lastDay: string
    readonly days: number
    readonly settings: PlanSettings
    readonly elapsedMs: () => number
  },
): Promise<PeakRow[]> {
  const rows: PeakRow[] = []
  for (let day = parseDs(o.lastDay); rows.length < o.days; day -= DAY_SECONDS) {
    // 1970-01-01 was a Thursday.
    if ((day / DAY_SECONDS + 3) % 7 >= 5) continue
    const row = await peak(platform, day, o)
    if (row !== undefined) rows.unshift(row)
    process.stderr.write(
      `${dsOf(day)} ${row === undefined ? 'no snapshot' : `${row.plan.toFixed(1)} ${row.status}`}\n`,
    )
  }
  return rows
}

async function peak(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  day: EpochSeconds,
  { settings, elapsedMs }: { readonly settings: PlanSettings; readonly elapsedMs: () => number },
): Promise<PeakRow | undefined> {
  const at = day + PEAK_SECONDS
  try {
    const plan = await planRebalancing(platform, {
      ...ZONE,
      now: at,
      settings,
      constraints: NO_CONSTRAINTS,
      by: 'bench',
      elapsedMs,
    })
    const replayed = async (routes: typeof plan.routes): Promise<number | null> =>
      (await observedScore(platform, { ...plan, routes }, ZONE, plan.horizon_ends_at))?.replayed_avoided
        ?.mean ?? null
    return {
      day: dsOf(day),
      lost: plan.objective.lost_without,
      greedy: plan.greedy.objective.avoided,
      plan: plan.objective.avoided,
      gap: plan.solver.gap,
      relaxed: plan.solver.relaxed_bound,
      status: plan.solver.status,
      greedyReplayed: await replayed(plan.greedy.routes),
      planReplayed: await replayed(plan.routes),
    }
  } catch (error) {
    // The recording has its largest gaps in the evening rush.
    if (isOperatorError(error, 'NOT_FOUND')) return undefined
    throw error
  }
}

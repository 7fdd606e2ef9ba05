import type { Plan } from '../../../../src/core/contracts/plan.ts'

export interface PlanTotals {
  readonly trucks: number
  readonly stops: number
  readonly bikes: number
  readonly km: number
}

/** Sums over the routes of a plan. */
export function totalsOf(routes: Plan['routes']): PlanTotals {
  return routes.reduce(
    (sum, { stops, bikes, km }) => ({
      trucks: sum.trucks + 1,
      stops: sum.stops + stops.length,
      bikes: sum.bikes + bikes,
      km: sum.km + km,
    }),
    { trucks: 0, stops: 0, bikes: 0, km: 0 },
  )
}

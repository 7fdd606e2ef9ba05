import highsLoader, { type Highs } from 'highs'
import type { Problem, Route } from './problem.ts'

/** The choice among routes, and what was proven of it. */
export interface MasterResult {
  /** Indices of the chosen routes. */
  readonly chosen: readonly number[]
  readonly value: number
  /** No choice among these routes is worth more. */
  readonly bound: number
  readonly optimal: boolean
}

/** The relaxation's value and what a stop at each site is worth in it. */
export interface Relaxation {
  readonly value: number
  readonly prices: Float64Array
  readonly truckPrices: Float64Array
}

/** HiGHS, and its version. */
export interface RouteSolver {
  readonly version: string
  /** The linear relaxation. Undefined when it was not solved in time. */
  relax(p: Problem, routes: readonly Route[], seconds: number): Relaxation | undefined
  /** The choice itself, beginning from `start` (indices of routes that go together). Undefined without any solution. */
  choose(
    p: Problem,
    routes: readonly Route[],
    start: readonly number[],
    seconds: number,
  ): MasterResult | undefined
}

// The package is ESM at run time, where this import is the loader; its types describe the CommonJS entry.
const loadHighs = highsLoader as unknown as typeof highsLoader.default

/** Share between the best and what may be better at which the search ends. */
const GAP = 1e-4

/**
 * Loads HiGHS (J. Hall, Q. Huangfu et al.; WebAssembly, one thread). Calls block: for a thread of their own. The model is
 * set packing: of the routes, at most one stops at a site, and a class of trucks drives no more than it has trucks; the sum of
 * gains is maximal.
 */
export async function openRouteSolver(): Promise<RouteSolver> {
  const highs = await loadHighs()
  return {
    version: highs.version.string,
    relax: (p, routes, seconds) =>
      highs.withModel(modelOf(highs, p, routes, false), (model) => {
        model.options.set({ output_flag: false, time_limit: seconds })
        model.run()
        if (model.getModelStatus() !== highs.constants.modelStatus.optimal) return undefined
        const { rowDual } = model.getSolution()
        return {
          value: model.getObjectiveValue(),
          prices: rowDual.slice(0, p.sites),
          truckPrices: rowDual.slice(p.sites),
        }
      }),
    choose: (p, routes, start, seconds) =>
      highs.withModel(modelOf(highs, p, routes, true), (model) => {
        model.options.set({ output_flag: false, time_limit: seconds, mip_rel_gap: GAP })
        const colValue = new Float64Array(routes.length)
        for (const index of start) colValue[index] = 1
        model.setSolution({ colValue })
        model.run()
        if (Number(model.info.get('primal_solution_status')) !== FEASIBLE) return undefined
        const value = model.getObjectiveValue()
        const { colValue: solution } = model.getSolution()
        const chosen = routes.flatMap((_, index) => ((solution[index] ?? 0) > 0.5 ? [index] : []))
        const bound = Number(model.info.get('mip_dual_bound'))
        return {
          chosen,
          value,
          bound: Math.max(bound, value),
          optimal: model.getModelStatus() === highs.constants.modelStatus.optimal,
        }
      }),
  }
}

/** HiGHS's kSolutionStatusFeasible. */
const FEASIBLE = 2

function modelOf(highs: Highs, p: Problem, routes: readonly Route[], whole: boolean) {
  const starts = new Int32Array(routes.length + 1)
  const indices: number[] = []
  routes.forEach((route, column) => {
    for (const { site } of route.stops) indices.push(site)
    indices.push(p.sites + route.truckClass)
    starts[column + 1] = indices.length
  })
  const rows = p.sites + p.classes.length
  const rowUpper = new Float64Array(rows).fill(1)
  p.classes.forEach(({ trucks }, k) => (rowUpper[p.sites + k] = trucks))
  return {
    numCols: routes.length,
    numRows: rows,
    sense: highs.constants.objectiveSense.maximize,
    colCost: Float64Array.from(routes, ({ gain }) => gain),
    colLower: new Float64Array(routes.length),
    // In the relaxation the rows alone keep a route below 1, so that their prices say all of its value.
    colUpper: new Float64Array(routes.length).fill(whole ? 1 : highs.infinity),
    rowLower: new Float64Array(rows).fill(-highs.infinity),
    rowUpper,
    matrix: {
      format: 'csc' as const,
      numRows: rows,
      numCols: routes.length,
      starts,
      indices: Int32Array.from(indices),
      values: new Float64Array(indices.length).fill(1),
    },
    ...(whole
      ? { integrality: new Int32Array(routes.length).fill(highs.constants.variableType.integer) }
      : {}),
  }
}

import type { Constraints, Plan, PlanObjective, PlanSettings, PlanSolver } from '../../core/contracts/plan.ts'
import { planSettingsSchema } from '../../core/contracts/plan.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import { dtOf, isoOf, type EpochSeconds } from '../../core/time.ts'
import { countryOfTimezone } from '../../data/features/holidays.ts'
import type { Platform } from '../../platform/ports.ts'
import { assessCity, type Assessment } from './assess.ts'
import { buildProblem, type BuiltProblem } from './build-problem.ts'
import { checkPlan } from './check-plan.ts'
import { greedyPlanAside } from './greedy.ts'
import type { Route } from './problem.ts'
import { searchInThread, type SearchEnd, type StartSearch } from './search-thread.ts'
import { trucksOf, type Truck } from './trucks.ts'
import { writeRoutes } from './write-routes.ts'

/** What a plan is made for. Settings are those of `PlanSettings`. */
export interface PlanOptions {
  readonly city: string
  readonly timezone: string
  /** For public holidays; guessed from the time zone when left out. */
  readonly country?: string | null
  readonly now: EpochSeconds
  /** When trucks set out: now, or in the past. Default now. */
  readonly at?: EpochSeconds
  readonly settings: PlanSettings
  readonly constraints: Constraints
  readonly by: string
  readonly report?: Reporter
  readonly signal?: AbortSignal
  /** Milliseconds since some moment, for the time that the search took; null in the plan without it. */
  readonly elapsedMs?: () => number
  /** Another thread for the search; for tests of one that dies or hangs. */
  readonly startSearch?: StartSearch
}

const SEED = 20_230_831

/**
 * Plans which trucks move how many bikes from where to where, so that the most expected lost rides are avoided. The same lake,
 * time, settings and constraints give the same plan, unless the solver met its limit. What cannot be planned (no trucks,
 * nothing to gain, …) is a plan without routes and with the reason. USAGE for a time to come or settings that make no
 * sense, NOT_FOUND without a snapshot of the last 15 minutes, CANCELLED on abort. Nothing is stored: `storePlan` does.
 */
export async function planRebalancing(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: PlanOptions,
): Promise<Plan> {
  const settings = checkSettings(o.settings)
  const at = o.at ?? o.now
  if (at > o.now)
    throw new OperatorError(
      'USAGE',
      `a plan for ${isoOf(at)}, which is to come`,
      'Plan for now, or for a time that was.',
    )
  const zone = {
    city: o.city,
    timezone: o.timezone,
    country: o.country === undefined ? countryOfTimezone(o.timezone) : o.country,
  }
  const progress = (o.report ?? silentReporter).start('planning', 3)
  const assessment = await assessCity(platform, { ...zone, at, minutes: settings.horizon_minutes })
  progress.update(1, `${assessment.stations.length} stations`)
  const trucks = trucksOf(settings, o.constraints)
  const closed = new Set(o.constraints.closed_stations.map(({ station_id }) => station_id))
  const built = await buildProblem(assessment.stations, trucks, settings, closed)
  const greedy = trucks.length === 0 ? [] : await greedyPlanAside(built.problem)
  progress.update(2, `${built.problem.sites} of them worth a stop`)
  const without = reasonWithout(assessment, trucks, built, closed)
  const began = o.elapsedMs?.()
  const end =
    without === null
      ? await searchInThread(
          { problem: built.problem, timeLimitSeconds: settings.time_limit_seconds, seed: SEED },
          {
            ...(o.signal === undefined ? {} : { signal: o.signal }),
            ...(o.startSearch === undefined ? {} : { start: o.startSearch }),
          },
        )
      : undefined
  const seconds = end && began !== undefined && o.elapsedMs ? (o.elapsedMs() - began) / 1000 : null
  const routes = better(greedy, end)
  const lost = assessment.stations.reduce((sum, station) => sum + station.lost, 0)
  const written = (list: readonly Route[]) => writeRoutes(built, list, { at, settings, trucks })
  const plan: Plan = {
    plan_version: 1,
    id: planId(o.city, at, { settings, constraints: o.constraints, assessment }),
    city: o.city,
    timezone: o.timezone,
    made_at: o.now,
    at,
    horizon_ends_at: at + settings.horizon_minutes * 60,
    state: 'proposed',
    events: [{ at: o.now, by: o.by, action: 'proposed', why: '' }],
    settings,
    constraints: o.constraints,
    basis: basisOf(assessment),
    no_plan_reason: routes.length > 0 ? null : (without ?? 'no move of bikes avoids a lost ride'),
    objective: objectiveOf(lost, routes),
    solver: solverOf(built, end, routes, greedy, seconds),
    routes: written(routes),
    greedy: { objective: objectiveOf(lost, greedy), routes: written(greedy) },
  }
  const wrong = checkPlan(plan)
  // Not the operator's to mend: a plan that breaks a constraint is a fault of this program, and never leaves it.
  if (wrong.length > 0) throw new Error(`the plan for ${o.city} breaks its constraints: ${wrong.join('; ')}`)
  progress.end(`${plan.routes.length} routes`)
  return plan
}

function checkSettings(settings: PlanSettings): PlanSettings {
  const result = planSettingsSchema.safeParse(settings)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new OperatorError(
    'USAGE',
    `${issue?.path.join('.') ?? 'settings'}: ${issue?.message ?? 'not valid'}`,
    'See `bikeshare plan --help` and [rebalancing] in bikeshare.toml.',
  )
}

function reasonWithout(
  { days, stations }: Assessment,
  trucks: readonly Truck[],
  { problem }: BuiltProblem,
  closed: ReadonlySet<string>,
): string | null {
  if (trucks.length === 0) return 'there is no truck: no crew is on duty, or none was asked for'
  if (stations.length > 0 && stations.every(({ station }) => closed.has(station.station_id)))
    return 'every station is closed to trucks'
  if (days.length === 0) return 'the lake has no whole day before this one to learn demand from'
  if (problem.sites < 2) return 'no two stations are left at which a stop avoids a lost ride'
  return null
}

/** The solver's routes, unless the greedy ones are worth as much. */
function better(greedy: readonly Route[], end: SearchEnd | undefined): readonly Route[] {
  const found = end?.result
  return found && found.routes.length > 0 && found.value >= valueOf(greedy) ? found.routes : greedy
}

function solverOf(
  { problem, relaxedBound }: BuiltProblem,
  end: SearchEnd | undefined,
  routes: readonly Route[],
  greedy: readonly Route[],
  seconds: number | null,
): PlanSolver {
  const found = end?.result
  const value = valueOf(routes)
  // The relaxation's bound holds for every plan, and so for those of the routes considered.
  const bound = end === undefined ? null : Math.max(value, Math.min(found?.bound ?? Infinity, relaxedBound))
  const usesGreedy = value <= valueOf(greedy) + 1e-9
  return {
    name: found === undefined ? 'HiGHS' : `HiGHS ${found.solver}`,
    status: statusOf(end, usesGreedy),
    message: end?.message ?? null,
    bound,
    gap: bound === null || value <= 0 ? null : Math.max(0, (bound - value) / value),
    relaxed_bound: end === undefined ? null : Math.max(relaxedBound, value),
    candidate_stations: problem.sites,
    routes_considered: found?.considered ?? 0,
    seconds,
    source: routes.length === 0 ? 'none' : usesGreedy ? 'greedy' : 'milp',
  }
}

function statusOf(end: SearchEnd | undefined, usesGreedy: boolean): PlanSolver['status'] {
  if (end === undefined) return 'none'
  if (end.ended === 'failed') return 'failed'
  if (end.ended === 'done') return end.result?.optimal === true ? 'optimal' : 'feasible'
  return usesGreedy ? 'timeout' : 'feasible'
}

function basisOf({ stateAt, stations, days, said }: Assessment): Plan['basis'] {
  const source = (one: Assessment['said']['bikes']) =>
    one === null ? null : { endpoint: one.endpoint, slot: one.slot }
  return {
    state_at: stateAt,
    stations: stations.length,
    history_days: days.length,
    history_from: days[0] ?? null,
    history_to: days.at(-1) ?? null,
    predictions_bikes: source(said.bikes),
    predictions_docks: source(said.docks),
  }
}

/** `2024-05-14-1730-1a2b3c4d`: when it begins, and what it was made from. */
function planId(
  city: string,
  at: EpochSeconds,
  o: { readonly settings: PlanSettings; readonly constraints: Constraints; readonly assessment: Assessment },
): string {
  const { depots, crews, closed_stations } = o.constraints
  const made = [city, at, o.settings, { depots, crews, closed_stations }, basisOf(o.assessment)]
  const [year, month, day, hour, minute] = dtOf(at).split('-')
  return `${year}-${month}-${day}-${hour}${minute}-${sha256(canonicalJson(made)).slice(0, 8)}`
}

function objectiveOf(lost: number, routes: readonly Route[]): PlanObjective {
  const avoided = valueOf(routes)
  return { lost_without: lost, lost_with: lost - avoided, avoided }
}

const valueOf = (routes: readonly Route[]): number => routes.reduce((sum, { gain }) => sum + gain, 0)

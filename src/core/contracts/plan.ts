import { z } from 'zod'

const text = z.string().min(1)
const place = { lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }

/** Where trucks begin and end. */
export const depotSchema = z.strictObject({ id: text, name: z.string(), ...place })
export type Depot = z.infer<typeof depotSchema>

/** One truck with its crew. `null` takes what the plan's settings say; without a depot it begins at its first stop. */
export const crewSchema = z.strictObject({
  id: text,
  /** Id of a depot. */
  depot: text.nullable(),
  /** Bikes that fit into the truck. */
  capacity: z.int().min(1).max(200).nullable(),
  shift_minutes: z.int().min(1).max(1440).nullable(),
  /** False: not on duty, gets no route. */
  active: z.boolean(),
})

/** A station at which no truck may stop. */
export const closedStationSchema = z.strictObject({ station_id: text, why: z.string() })

/** `plans/constraints.json`: what an operator set, until it is set again. Without crews, plans take as many trucks as asked for. */
export const constraintsSchema = z.strictObject({
  constraints_version: z.literal(1),
  /** Null: never set. */
  updated_at: z.int().nullable(),
  by: z.string().nullable(),
  depots: z.array(depotSchema).max(100),
  crews: z.array(crewSchema).max(100),
  closed_stations: z.array(closedStationSchema).max(5000),
})
export type Constraints = z.infer<typeof constraintsSchema>

/** What an operator sends to set constraints. */
export const constraintsInputSchema = constraintsSchema.pick({
  depots: true,
  crews: true,
  closed_stations: true,
})
export type ConstraintsInput = z.infer<typeof constraintsInputSchema>

/** What a plan was made with. */
export const planSettingsSchema = z.strictObject({
  trucks: z.int().min(0).max(100),
  /** Bikes in a truck. */
  capacity: z.int().min(1).max(200),
  speed_kph: z.number().positive().max(150),
  /** Metres driven for each metre as the crow flies. */
  detour: z.number().min(1).max(5),
  /** Minutes for one bike, loaded or unloaded. */
  handling_minutes: z.number().min(0).max(60),
  /** Minutes of a stop besides: parking, paper. */
  stop_minutes: z.number().min(0).max(120),
  shift_minutes: z.int().min(1).max(1440),
  /** Lost rides are counted from `at` for this long. */
  horizon_minutes: z.int().min(30).max(1440),
  time_limit_seconds: z.number().positive().max(600),
})
export type PlanSettings = z.infer<typeof planSettingsSchema>

/** One stop of a truck. Times are epoch seconds; counts are bikes. */
export const planStopSchema = z.strictObject({
  station_id: text,
  name: z.string(),
  ...place,
  action: z.enum(['load', 'unload']),
  /** Bikes moved, at least 1. */
  bikes: z.int().min(1),
  arrives_at: z.int(),
  leaves_at: z.int(),
  /** Driven from the place before. */
  km: z.number().min(0),
  /** Bikes in the truck afterwards. */
  load_after: z.int().min(0),
  /** Known when the plan was made: bikes that can be taken, docks that are free (disabled ones are in neither), docks in all. */
  station_bikes: z.int().min(0),
  station_docks: z.int().min(0),
  station_capacity: z.int().min(0),
  /** Expected rides lost at this station from `at` to the horizon's end, without the stop and with it. */
  lost_without: z.number(),
  lost_with: z.number(),
})
export type PlanStop = z.infer<typeof planStopSchema>

/** A truck's way. */
export const planRouteSchema = z.strictObject({
  truck: z.int().min(1),
  /** Id of the crew; null where only a number of trucks was given. */
  crew: text.nullable(),
  depot: depotSchema.nullable(),
  capacity: z.int().min(1),
  starts_at: z.int(),
  /** Back at the depot, or the last stop left. */
  ends_at: z.int(),
  shift_ends_at: z.int(),
  /** Driven in all. */
  km: z.number().min(0),
  /** Bikes moved from one station to another. */
  bikes: z.int().min(0),
  /** Expected lost rides avoided by this route. */
  avoided: z.number(),
  stops: z.array(planStopSchema).min(2),
})
export type PlanRoute = z.infer<typeof planRouteSchema>

/** How a plan was found. */
export const planSolverSchema = z.strictObject({
  /** `HiGHS 1.x`. */
  name: text,
  /**
   * `optimal`, `feasible` (stopped at the time limit with a gap), `timeout` (nothing better than the greedy plan came in
   * time), `failed` (the solver broke, see `message`), `none` (there was nothing to solve).
   */
  status: z.enum(['optimal', 'feasible', 'timeout', 'failed', 'none']),
  message: z.string().nullable(),
  /**
   * Upper bound of the avoided lost rides that the solver proved over the routes that it was given; where it proved none in its
   * time, `relaxed_bound`. Null when there was nothing to solve.
   */
  bound: z.number().nullable(),
  /** (bound - avoided) / avoided; null without a bound, or when nothing is avoided. */
  gap: z.number().min(0).nullable(),
  /** Upper bound over every possible plan, from a relaxation without travel; null when it was not computed. */
  relaxed_bound: z.number().nullable(),
  /** What the solver was given. */
  candidate_stations: z.int().min(0),
  routes_considered: z.int().min(0),
  /** Wall time of the search, seconds; null when it was not measured. */
  seconds: z.number().nullable(),
  /** Whose routes the plan has: the solver's, or the greedy ones. */
  source: z.enum(['milp', 'greedy', 'none']),
})

/** Expected lost rides (rentals that find no bike, returns that find no dock), over all stations, from `at` to the horizon's end. */
export const planObjectiveSchema = z.strictObject({
  lost_without: z.number(),
  lost_with: z.number(),
  avoided: z.number(),
})

/** What a plan was made from. */
export const planBasisSchema = z.strictObject({
  /** Time of the snapshot with the counts. */
  state_at: z.int(),
  /** Stations with a known state and a capacity. */
  stations: z.int(),
  /** UTC days of status that the demand was learnt from; the first and the last. */
  history_days: z.int(),
  history_from: text.nullable(),
  history_to: text.nullable(),
  /** Endpoint and slot of the predictions taken in; null where there were none. */
  predictions_bikes: z.strictObject({ endpoint: text, slot: z.int() }).nullable(),
  predictions_docks: z.strictObject({ endpoint: text, slot: z.int() }).nullable(),
})

/** One thing that happened to a plan. */
export const planEventSchema = z.strictObject({
  at: z.int(),
  by: text,
  action: z.enum(['proposed', 'accepted', 'rejected']),
  why: z.string(),
})

export const PLAN_STATES = ['proposed', 'accepted', 'rejected'] as const

/** `plans/ID/plan.json`. */
export const planSchema = z.strictObject({
  plan_version: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  city: text,
  timezone: text,
  made_at: z.int(),
  /** Trucks set out. */
  at: z.int(),
  horizon_ends_at: z.int(),
  state: z.enum(PLAN_STATES),
  /** Oldest first. */
  events: z.array(planEventSchema),
  settings: planSettingsSchema,
  constraints: constraintsSchema,
  basis: planBasisSchema,
  /** Null for a plan with routes; else why there are none. */
  no_plan_reason: z.string().nullable(),
  objective: planObjectiveSchema,
  solver: planSolverSchema,
  routes: z.array(planRouteSchema),
  /** The greedy plan under the same constraints, evaluated by the same function. */
  greedy: z.strictObject({ objective: planObjectiveSchema, routes: z.array(planRouteSchema) }),
})
export type Plan = z.infer<typeof planSchema>
export type PlanObjective = z.infer<typeof planObjectiveSchema>
export type PlanSolver = z.infer<typeof planSolverSchema>

/** What an operator decides. */
export const planDecisionSchema = z.strictObject({
  decision: z.enum(['accept', 'reject']),
  why: z.string(),
})
export type PlanDecision = z.infer<typeof planDecisionSchema>['decision']

/** A figure with the 95 % interval around it; null where it cannot be known. */
export const intervalSchema = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() })
export type Interval = z.infer<typeof intervalSchema>

/** Minutes without a bike or without a dock at the plan's stations, between `at` and the earlier of horizon's end and what is known. */
export const observedScoreSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  stations: z.int(),
  /** Sums over the stations, minutes in which the state was known, and of these empty and full. */
  known_minutes: z.number(),
  empty_minutes: z.number(),
  full_minutes: z.number(),
  /** The same, expected when the plan was made, without the plan and with it. */
  expected_without_minutes: z.number(),
  expected_with_minutes: z.number(),
  /** Lost rides at the observed empty and full minutes, at the rates of demand that the plan had. */
  exposed_lost_rides: z.number(),
  /** Lost rides at the same stations that the plan expected, without it and with it. */
  expected_lost_without: z.number(),
  expected_lost_with: z.number(),
  /**
   * The recorded changes of the counts, replayed from the counts at `at` without the plan's moves and with them: rides that
   * find no bike or dock. Differences are by station, the interval is a bootstrap over stations.
   */
  replayed_avoided: intervalSchema.nullable(),
})

/** Effect of the plan's moves on riders in a simulated city, the same riders with and without them. */
export const simulatedScoreSchema = z.strictObject({
  /** Seeds of the twins; one when the lake is that of a simulated city itself. */
  seeds: z.array(z.int()),
  riders: z.int(),
  /** Riders who found no bike, and returns that found no dock, in each seed's run: without and with the moves. */
  lost_without: z.array(z.int()),
  lost_with: z.array(z.int()),
  /** Paired difference a seed, with its interval; null interval bounds are not given for a single seed. */
  avoided: z.strictObject({
    mean: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
  }),
})

/** `plans/ID/score.json`. */
export const planScoreSchema = z.strictObject({
  score_version: z.literal(1),
  plan_id: text,
  scored_at: z.int(),
  /** False while the horizon is not over, or status is missing from it. */
  complete: z.boolean(),
  expected_avoided: z.number(),
  observed: observedScoreSchema.nullable(),
  observed_missing_reason: z.string().nullable(),
  simulated: simulatedScoreSchema.nullable(),
  simulated_missing_reason: z.string().nullable(),
})
export type PlanScore = z.infer<typeof planScoreSchema>

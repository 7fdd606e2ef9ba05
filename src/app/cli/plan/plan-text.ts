import type { Constraints, Interval, Plan, PlanRoute, PlanScore } from '../../../core/contracts/plan.ts'
import { isoOf, type EpochSeconds } from '../../../core/time.ts'
import { figure, textTable } from '../table.ts'

/** A plan for people and printers: what it is worth, how it was found, and a sheet for each truck. */
export function planText(plan: Plan): string {
  const { objective, greedy, solver, basis, settings } = plan
  const clock = cityClock(plan.timezone)
  const parts = [
    [
      `Plan ${plan.id}: ${plan.city}, from ${clock(plan.at)} (${plan.timezone}), ${plan.state}`,
      ...plan.events
        .filter(({ action }) => action !== 'proposed')
        .map(({ at, by, action, why }) => `${action} by ${by}, ${isoOf(at)}${why === '' ? '' : `: ${why}`}`),
    ].join('\n'),
    [
      `Expected lost rides until ${clock(plan.horizon_ends_at)}: ${figure(objective.lost_without, 1)} as it is, ${figure(objective.lost_with, 1)} with the plan: ${figure(objective.avoided, 1)} avoided.`,
      `The greedy plan avoids ${figure(greedy.objective.avoided, 1)}. ${solverText(plan)}`,
      `${settings.trucks} trucks of ${settings.capacity} bikes, ${settings.shift_minutes} min; ${basis.stations} stations as of ${clock(basis.state_at)}; demand of ${basis.history_days} days; ${saidText(plan)}.`,
    ].join('\n'),
  ]
  if (plan.no_plan_reason !== null) parts.push(`No truck is sent: ${plan.no_plan_reason}.`)
  parts.push(...plan.routes.map((route) => routeText(route, clock)))
  if (solver.message !== null) parts.push(`The solver said: ${solver.message}`)
  return parts.join('\n\n')
}

function solverText({ solver }: Plan): string {
  const of = `${solver.routes_considered} routes between ${solver.candidate_stations} stations`
  switch (solver.status) {
    case 'none':
      return 'There was nothing to solve.'
    case 'failed':
      return 'The solver failed: these are the best routes until then.'
    case 'timeout':
      return 'The solver found nothing better in its time.'
    default: {
      const gap = solver.gap === null ? 'no bound in time' : `gap ${(100 * solver.gap).toFixed(1)} %`
      const every =
        solver.relaxed_bound === null
          ? ''
          : `; no plan at all avoids more than ${figure(solver.relaxed_bound, 1)}`
      return `${solver.name}: ${gap} over ${of}${every}.`
    }
  }
}

function saidText({ basis }: Plan): string {
  const said = [basis.predictions_bikes, basis.predictions_docks].filter((x) => x !== null)
  return said.length === 0
    ? 'no predictions of the last 15 minutes'
    : `predictions of ${said.map(({ endpoint }) => endpoint).join(' and ')}`
}

function routeText(route: PlanRoute, clock: (t: EpochSeconds) => string): string {
  const who = route.crew === null ? '' : `, crew ${route.crew}`
  const from =
    route.depot === null ? '' : `, from and to ${route.depot.name === '' ? route.depot.id : route.depot.name}`
  const head = `Truck ${route.truck}${who}${from}: ${route.bikes} bikes, ${figure(route.km, 1)} km, until ${clock(route.ends_at)}, ${figure(route.avoided, 1)} lost rides avoided`
  const rows = route.stops.map((stop, n) => [
    n + 1,
    clock(stop.arrives_at),
    `${stop.action === 'load' ? 'load' : 'unload'} ${stop.bikes}`,
    stop.name,
    stop.station_id,
    `${stop.station_bikes}/${stop.station_capacity}`,
    stop.load_after,
    figure(stop.lost_without - stop.lost_with, 2),
  ])
  return `${head}\n${textTable(['', 'at', 'do', 'station', 'id', 'bikes', 'on board', 'avoided'], rows)}`
}

const CSV_HEAD =
  'plan,truck,crew,stop,station_id,name,lat,lon,action,bikes,arrives_at,leaves_at,km,load_after,avoided'

/** The stops of a plan as CSV, one line each; times are ISO 8601 in UTC. */
export function planCsv(plan: Plan): string {
  const lines = plan.routes.flatMap((route) =>
    route.stops.map((stop, n) =>
      [
        plan.id,
        route.truck,
        route.crew ?? '',
        n + 1,
        stop.station_id,
        stop.name,
        stop.lat,
        stop.lon,
        stop.action,
        stop.bikes,
        isoOf(stop.arrives_at),
        isoOf(stop.leaves_at),
        stop.km.toFixed(3),
        stop.load_after,
        (stop.lost_without - stop.lost_with).toFixed(4),
      ]
        .map(csvCell)
        .join(','),
    ),
  )
  return `${[CSV_HEAD, ...lines].join('\r\n')}\r\n`
}

/** A cell that no spreadsheet takes for a formula: feeds name stations as they like. */
function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** How a plan turned out. */
export function scoreText(score: PlanScore, timezone: string): string {
  const clock = cityClock(timezone)
  const lines = [
    `Score of plan ${score.plan_id}, as of ${isoOf(score.scored_at)}${score.complete ? '' : ' (its horizon is not over, or not known whole)'}`,
    `Expected: ${figure(score.expected_avoided, 1)} lost rides avoided.`,
  ]
  const { observed, simulated } = score
  if (observed === null) lines.push(`Observed: –, ${score.observed_missing_reason ?? 'not known'}.`)
  else
    lines.push(
      `Observed at its ${observed.stations} stations from ${clock(observed.from)} to ${clock(observed.to)}: ${figure(observed.empty_minutes, 0)} minutes empty, ${figure(observed.full_minutes, 0)} full of ${figure(observed.known_minutes, 0)} (expected ${figure(observed.expected_without_minutes, 0)} without the plan, ${figure(observed.expected_with_minutes, 0)} with it): about ${figure(observed.exposed_lost_rides, 1)} lost rides (expected ${figure(observed.expected_lost_without, 1)} and ${figure(observed.expected_lost_with, 1)}).`,
      `The recorded trips replayed with its moves instead of without: ${intervalText(observed.replayed_avoided)} lost rides avoided.`,
    )
  if (simulated === null) lines.push(`Simulated city: –, ${score.simulated_missing_reason ?? 'not known'}.`)
  else
    lines.push(
      `Simulated city, the same riders with and without it, ${simulated.seeds.length} futures: ${figure(simulated.avoided.mean, 1)}${simulated.avoided.low === null ? '' : ` (95 %: ${figure(simulated.avoided.low, 1)} to ${figure(simulated.avoided.high, 1)})`} lost rides avoided.`,
    )
  return lines.join('\n')
}

function intervalText(interval: Interval | null): string {
  return interval === null
    ? '–'
    : `${figure(interval.mean, 1)} (95 %: ${figure(interval.low, 1)} to ${figure(interval.high, 1)})`
}

/** What operators set. */
export function constraintsText(constraints: Constraints): string {
  const { depots, crews, closed_stations, by, updated_at } = constraints
  const parts = [
    updated_at === null ? 'No constraints were set.' : `Set by ${by ?? '–'}, ${isoOf(updated_at)}.`,
  ]
  if (depots.length > 0)
    parts.push(
      textTable(
        ['depot', 'name', 'lat', 'lon'],
        depots.map((d) => [d.id, d.name, d.lat, d.lon]),
      ),
    )
  if (crews.length > 0)
    parts.push(
      textTable(
        ['crew', 'on duty', 'depot', 'bikes', 'minutes'],
        crews.map((c) => [c.id, c.active ? 'yes' : 'no', c.depot, c.capacity, c.shift_minutes]),
      ),
    )
  if (closed_stations.length > 0)
    parts.push(
      textTable(
        ['closed', 'why'],
        closed_stations.map((s) => [s.station_id, s.why]),
      ),
    )
  return parts.join('\n\n')
}

function cityClock(timezone: string): (t: EpochSeconds) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (t) => {
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(t * 1000)) part[type] = value
    return `${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`
  }
}

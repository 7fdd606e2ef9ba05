import type { Config } from '../../core/config/schema.ts'
import type { Constraints, PlanSettings } from '../../core/contracts/plan.ts'
import { OperatorError } from '../../core/errors.ts'

/**
 * What a plan is made with: what is asked for, else as configured. Crews that operators set are the trucks, unless another
 * number of trucks is asked for.
 */
export function planSettings(
  configured: Config['rebalancing'],
  constraints: Constraints,
  asked: Partial<PlanSettings> = {},
): PlanSettings {
  const crews = constraints.crews.filter(({ active }) => active).length
  return {
    trucks: asked.trucks ?? (constraints.crews.length > 0 ? crews : configured.trucks),
    capacity: asked.capacity ?? configured.capacity,
    speed_kph: asked.speed_kph ?? configured.speed_kph,
    detour: asked.detour ?? configured.detour,
    handling_minutes: asked.handling_minutes ?? configured.handling_minutes,
    stop_minutes: asked.stop_minutes ?? configured.stop_minutes,
    shift_minutes: asked.shift_minutes ?? configured.shift_minutes,
    horizon_minutes: asked.horizon_minutes ?? configured.horizon_minutes,
    time_limit_seconds: asked.time_limit_seconds ?? configured.time_limit_seconds,
  }
}

/** Constraints of a plan: what operators set, with the configured depot where they set none, and the stations that are always closed. */
export function withConfigured(constraints: Constraints, configured: Config['rebalancing']): Constraints {
  const { depot_lat: lat, depot_lon: lon } = configured
  if ((lat === undefined) !== (lon === undefined))
    throw new OperatorError(
      'CONFIG',
      'rebalancing: a depot has both depot_lat and depot_lon',
      'Give both, or none.',
    )
  const depots =
    constraints.depots.length === 0 && lat !== undefined && lon !== undefined
      ? [{ id: 'configured', name: 'Depot', lat, lon }]
      : constraints.depots
  const known = new Set(constraints.closed_stations.map(({ station_id }) => station_id))
  const always = configured.closed_stations
    .filter((id) => !known.has(id))
    .map((station_id) => ({ station_id, why: 'configured' }))
  return { ...constraints, depots, closed_stations: [...constraints.closed_stations, ...always] }
}

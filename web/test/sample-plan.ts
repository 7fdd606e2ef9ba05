import type { Plan } from '../../src/core/contracts/plan.ts'

const AT = 1_727_049_599

/** A plan of one truck with two stops, the second to the north-east of the first. */
export function aPlan(patch: Partial<Plan> = {}): Plan {
  const objective = { lost_without: 10, lost_with: 6.5, avoided: 3.5 }
  const stop = {
    action: 'load' as const,
    bikes: 5,
    arrives_at: AT + 600,
    leaves_at: AT + 900,
    km: 1.2,
    load_after: 5,
    station_bikes: 18,
    station_docks: 1,
    station_capacity: 20,
    lost_without: 2,
    lost_with: 0.5,
  }
  const route = {
    truck: 1,
    crew: 'red',
    depot: { id: 'north', name: 'North depot', lat: 40.73, lon: -74.01 },
    capacity: 20,
    starts_at: AT,
    ends_at: AT + 3000,
    shift_ends_at: AT + 7200,
    km: 3.4,
    bikes: 5,
    avoided: 3.5,
    stops: [
      { ...stop, station_id: 's1', name: '<b>Bold</b> St', lat: 40.71, lon: -74.02 },
      {
        ...stop,
        station_id: 's2',
        name: 'شارع 🚲',
        lat: 40.72,
        lon: -74,
        action: 'unload' as const,
        load_after: 0,
      },
    ],
  }
  return {
    plan_version: 1,
    id: '2024-09-22-2359-aaaaaaaa',
    city: 'demo',
    timezone: 'America/New_York',
    made_at: AT,
    at: AT,
    horizon_ends_at: AT + 10_800,
    state: 'proposed',
    events: [{ at: AT, by: 'ann', action: 'proposed', why: '' }],
    settings: {
      trucks: 1,
      capacity: 20,
      speed_kph: 18,
      detour: 1.3,
      handling_minutes: 0.75,
      stop_minutes: 4,
      shift_minutes: 120,
      horizon_minutes: 180,
      time_limit_seconds: 8,
    },
    constraints: {
      constraints_version: 1,
      updated_at: null,
      by: null,
      depots: [],
      crews: [],
      closed_stations: [],
    },
    basis: {
      state_at: AT,
      stations: 246,
      history_days: 20,
      history_from: '2024-09-01',
      history_to: '2024-09-21',
      predictions_bikes: null,
      predictions_docks: null,
    },
    no_plan_reason: null,
    objective,
    solver: {
      name: 'HiGHS 1.15.1',
      status: 'feasible',
      message: null,
      bound: 4,
      gap: 0.143,
      relaxed_bound: 9,
      candidate_stations: 20,
      routes_considered: 40,
      seconds: 3,
      source: 'milp',
    },
    routes: [route],
    greedy: { objective: { ...objective, avoided: 3 }, routes: [route] },
    ...patch,
  }
}

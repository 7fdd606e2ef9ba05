import type { CitySummary } from '../../../core/contracts/api/session.ts'
import { isOperatorError, messageOf, OperatorError } from '../../../core/errors.ts'
import type { CitySource, ShownCity } from '../city-source.ts'
import { readCitySummary } from '../read/city-summary.ts'
import { readGate } from '../read/gate.ts'
import { readIncident } from '../read/incident.ts'
import { readModelHealth } from '../read/model-health.ts'
import { readReleases } from '../read/releases.ts'
import { readState } from '../read/state.ts'
import { readStation } from '../read/station.ts'
import { readStations } from '../read/stations.ts'
import { readSystemHealth } from '../read/system-health.ts'
import { readTimeline } from '../read/timeline.ts'
import { readTop } from '../read/top.ts'
import { readWhy } from '../read/why.ts'
import type { Answerers } from './asked.ts'

/** Finds the lake of a city by name; NOT_FOUND for one that is not shown. */
export type FindCity = (name: string) => Promise<CitySource>

export function findCity(cities: readonly ShownCity[]): FindCity {
  return async (name) => {
    const shown = cities.find((one) => one.name === name)
    if (shown) return shown.source()
    throw new OperatorError(
      'NOT_FOUND',
      `no city "${name}" is shown here`,
      'GET /api/cities lists those that are.',
    )
  }
}

type ReadAnswers = Pick<
  Answerers,
  | 'cities'
  | 'stations'
  | 'state'
  | 'timeline'
  | 'top'
  | 'station'
  | 'why'
  | 'model'
  | 'system'
  | 'releases'
  | 'gate'
  | 'incident'
>

/** Answers of the routes that read a lake alone. */
export function readAnswers(cities: readonly ShownCity[], now: () => number): ReadAnswers {
  const find = findCity(cities)
  return {
    cities: async () => ({ cities: await Promise.all(cities.map((city) => summaryOf(city, now))) }),
    stations: async ({ params, query }) => readStations(await find(params.city), query),
    state: async ({ params, query }) => readState(await find(params.city), query),
    timeline: async ({ params, query }) => readTimeline(await find(params.city), query),
    top: async ({ params, query }) => readTop(await find(params.city), query),
    station: async ({ params, query }) => readStation(await find(params.city), { ...params, ...query }),
    why: async ({ params, query }) => readWhy(await find(params.city), { ...params, ...query }),
    model: async ({ params, query }) => readModelHealth(await find(params.city), query),
    system: async ({ params, query }) => readSystemHealth(await find(params.city), query),
    releases: async ({ params, query }) => readReleases(await find(params.city), query),
    gate: async ({ params, query }) => readGate(await find(params.city), query),
    incident: async ({ params }) => readIncident(await find(params.city), params),
  }
}

/** A city whose lake cannot be shown is listed with the reason. */
async function summaryOf(city: ShownCity, now: () => number): Promise<CitySummary> {
  try {
    const source = await city.source()
    return await readCitySummary(source)
  } catch (error) {
    if (!isOperatorError(error)) throw error
    return {
      name: city.name,
      timezone: 'UTC',
      country: null,
      stations: 0,
      bounds: null,
      endpoints: [],
      now: now(),
      clock: 'live',
      from: null,
      to: null,
      problem: messageOf(error),
    }
  }
}

import type { CitySummary } from '../../../core/contracts/api/session.ts'
import type { CitySource } from '../city-source.ts'
import { momentOf } from './as-of.ts'
import { cityEndpoints, servedBy } from './endpoints.ts'
import { endpointStatuses } from './endpoint-statuses.ts'
import { newestSnapshotTime, dayTimes, lakeDays } from './snapshot-times.ts'
import { stationList } from './station-list.ts'
import { forRequest } from './request.ts'

/** A city in short. */
export async function readCitySummary(given: CitySource): Promise<CitySummary> {
  const source = forRequest(given)
  const now = momentOf(source, undefined)
  const { columns } = await stationList(source, now)
  const statuses = await endpointStatuses(source)
  const endpoints: CitySummary['endpoints'] = []
  for (const named of await cityEndpoints(source)) {
    if (!statuses.has(named.endpoint) && !(await servedBy(source, named.endpoint, now))) continue
    endpoints.push({ ...named, status: statuses.get(named.endpoint) ?? 'unknown' })
  }
  const [firstDay] = await lakeDays(source)
  const first = firstDay === undefined ? undefined : (await dayTimes(source, firstDay, now)).times[0]
  return {
    name: source.name,
    timezone: source.info.timezone,
    country: source.info.country,
    stations: columns.station_id.length,
    bounds: boundsOf(columns.lat, columns.lon),
    endpoints,
    now,
    clock: source.virtual ? 'virtual' : 'live',
    from: first !== undefined && first <= now ? first : null,
    to: (await newestSnapshotTime(source, now)) ?? null,
    problem: null,
  }
}

function boundsOf(lat: readonly number[], lon: readonly number[]): CitySummary['bounds'] {
  if (lat.length === 0) return null
  const [west, south, east, north] = [
    least(lon),
    least(lat),
    -least(lon.map((x) => -x)),
    -least(lat.map((x) => -x)),
  ]
  return [west, south, east, north]
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)

import { isOperatorError, messageOf } from '../../core/errors.ts'
import { isoOf } from '../../core/time.ts'
import { openMeteoUrl } from '../weather/open-meteo.ts'
import type { IngestOptions } from './ingest-options.ts'
import { readVersions, versionAt } from './information-versions.ts'
import type { LakeParts } from './publish.ts'
import { isWeatherDue, storeWeather } from './store-weather.ts'

/** Weather once an hour, for the middle of the stations; status goes on without it. */
export async function takeWeather(platform: LakeParts, options: IngestOptions): Promise<number | null> {
  const { city, now, report, weather } = options
  if (weather.source === 'none' || !(await isWeatherDue(platform.store, city, now))) return null
  try {
    const stations = [...(await readVersions(platform, city)).values()]
      .map((versions) => versionAt(versions, now))
      .filter((version) => version !== undefined)
    if (stations.length === 0) return null
    const middle = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
    const lat = middle(stations.map((station) => station.lat))
    const lon = middle(stations.map((station) => station.lon))
    const url = openMeteoUrl({ lat, lon, ...(weather.base === undefined ? {} : { base: weather.base }) })
    const fetched = await options.client.fetch(url)
    if (fetched === 'not_modified') return null
    return await storeWeather(platform, city, fetched.body, { source_url: url, fetched_at: now })
  } catch (error) {
    if (!isOperatorError(error, 'UNAVAILABLE') && !isOperatorError(error, 'BAD_INPUT')) throw error
    report.warn(`No weather at ${isoOf(now)}: ${messageOf(error)}`)
    return null
  }
}

import type { WeatherHour } from '../../core/contracts/station.ts'
import { sha256 } from '../../core/hash.ts'
import { dtOf, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { OPEN_METEO_SOURCE, parseOpenMeteo } from '../weather/open-meteo.ts'
import { notePending, settlePending } from './pending.ts'
import type { LakeParts } from './publish.ts'
import { putManifest, putRaw, readManifest, readRaw, type Origin, type RawId } from './raw.ts'
import { addRows, type RowKeys } from './small-days.ts'

const KEYS: RowKeys<WeatherHour> = {
  dataset: 'weather_hourly',
  dayOf: (hour) => hour.valid_at,
  keyOf: (hour) => JSON.stringify([hour.valid_at, hour.issued_at, hour.source]),
  compare: (a, b) => a.valid_at - b.valid_at || a.issued_at - b.issued_at || (a.source < b.source ? -1 : 1),
}

/** Adds hours of weather; one that is there (same hour, time of issue and source) stays. Returns how many were new. */
export function addWeather(
  platform: LakeParts,
  city: string,
  hours: readonly WeatherHour[],
): Promise<number> {
  return addRows(platform, city, KEYS, hours)
}

/** True when the lake has no weather fetched in the UTC hour of `now` yet. */
export async function isWeatherDue(store: ObjectStore, city: string, now: EpochSeconds): Promise<boolean> {
  const hour = dtOf(now).slice(0, 'YYYY-MM-DD-HH-'.length)
  for await (const { key } of store.list(`raw/weather_hourly/city=${city}/dt=${hour}`)) {
    if (key.endsWith('/data.json.gz')) return false
  }
  return true
}

/** Takes a weather document, issued when it was fetched, into the lake. BAD_INPUT when it is none. Returns its hours. */
export async function storeWeather(
  platform: LakeParts,
  city: string,
  body: Uint8Array,
  origin: Origin,
): Promise<number> {
  const id: RawId = { feed: 'weather_hourly', city, at: origin.fetched_at }
  const hours = parseOpenMeteo(body, id.at)
  await notePending(platform.store, id, origin, id.at)
  await putRaw(platform.store, id, body)
  await finishWeather(platform, id, origin)
  return hours.length
}

/** Finishes a document whose raw form is there; false when it is not. */
export async function finishWeather(platform: LakeParts, id: RawId, origin: Origin): Promise<boolean> {
  const body = await readRaw(platform.store, id)
  if (body === undefined) return false
  const source = sourceOf(origin.source_url)
  const hours = parseOpenMeteo(body, id.at).map((hour) => ({ ...hour, source }))
  if ((await readManifest(platform.store, id)) === undefined) {
    const content_sha256 = sha256(JSON.stringify(hours))
    const content = { content_sha256, version: 'open-meteo', stations: hours.length, quarantined: [] }
    await putManifest(platform.store, id, body, origin, content)
  }
  await addWeather(platform, id.city, hours)
  await settlePending(platform.store, id)
  return true
}

/** Open-Meteo is named only for what it sent; another server with its interface, such as a replay, goes by its host. */
function sourceOf(url: string): string {
  const { hostname } = new URL(url)
  return hostname === 'open-meteo.com' || hostname.endsWith('.open-meteo.com') ? OPEN_METEO_SOURCE : hostname
}

import { loadSql } from '../../../core/sql.ts'
import {
  DAY_SECONDS,
  dsOf,
  dtOf,
  HOUR_SECONDS,
  parseDs,
  parseDt,
  type EpochSeconds,
} from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { batchesFrom, bytesOf, isMadeBy, type Batch } from './batch.ts'
import { lastUpTo, listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

const BATCHES_SQL = loadSql(import.meta.url, './batch-hours.sql')
/** Batches come late for this long; an hour that is older is looked at once an hour. */
const RECENT_SECONDS = 2 * HOUR_SECONDS
/** Hours that one statement reads. */
const HOURS_AT_ONCE = 6

/** The batches of one hour, of every endpoint. */
interface BatchHour {
  readonly bytes: number
  readonly batches: readonly Batch[]
}

const hourOf = (t: EpochSeconds): EpochSeconds => Math.floor(t / HOUR_SECONDS) * HOUR_SECONDS
const folderOf = (endpoint: string, city: string): string => `inference/endpoint=${endpoint}/city=${city}/`

/** Endpoints that have ever predicted for the city. */
export async function predictingEndpoints(source: CitySource): Promise<string[]> {
  const { store } = source.platform
  // Nothing predicts that was not deployed before.
  const token = `${hourOf(source.now())}\n${tokenOf(await listed(store, 'deployments/'))}`
  return kept(cacheOf(source).lists, 'predicting', token, async () => {
    const names: string[] = []
    for (const folder of await store.folders('inference/'))
      if (
        folder.startsWith('endpoint=') &&
        (await store.folders(`inference/${folder}/`)).includes(`city=${source.info.city}`)
      )
        names.push(folder.slice('endpoint='.length))
    return names
  })
}

/** An endpoint's batches with slots in `[from, to]`, oldest first. */
export async function batchesOf(
  source: CitySource,
  endpoint: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<Batch[]> {
  const hours = await hoursOf(source, hourOf(from), hourOf(to))
  return hours
    .flatMap(({ batches }) => batches)
    .filter((batch) => batch.endpoint === endpoint && batch.slot >= from && batch.slot <= to)
}

/** The newest batch of an endpoint with a slot at or before `at`, of which anything was made by then; undefined without one. */
export async function newestBatch(
  source: CitySource,
  endpoint: string,
  at: EpochSeconds,
): Promise<Batch | undefined> {
  const hour = hourOf(at)
  for (const from of [hour, hour - HOUR_SECONDS]) {
    const found = (await batchesOf(source, endpoint, from, Math.min(at, from + HOUR_SECONDS - 1))).findLast(
      (batch) => isMadeBy(batch, at),
    )
    if (found) return found
  }
  for (const ds of (await batchDaysOf(source, endpoint)).toReversed()) {
    const day = parseDs(ds)
    if (day > at) continue
    const slots = await slotsOf(source, endpoint, ds)
    for (let slot = lastUpTo(slots, at); slot !== undefined; slot = lastUpTo(slots, slot - 1)) {
      const found = (await batchesOf(source, endpoint, slot, slot))[0]
      if (found && isMadeBy(found, at)) return found
    }
  }
  return undefined
}

/** Days of which an endpoint has batches, in order. */
export async function batchDaysOf({ platform, info }: CitySource, endpoint: string): Promise<string[]> {
  const folders = await platform.store.folders(folderOf(endpoint, info.city))
  return folders.filter((name) => name.startsWith('ds=')).map((name) => name.slice(3))
}

/** Slots of an endpoint's batches of a UTC day, in order. A day that is over is listed anew once an hour. */
export async function slotsOf(source: CitySource, endpoint: string, ds: string): Promise<EpochSeconds[]> {
  const { platform, info } = source
  const prefix = `${folderOf(endpoint, info.city)}ds=${ds}/`
  const now = source.now()
  const isOver = parseDs(ds) + DAY_SECONDS + RECENT_SECONDS < now
  const recent = isOver
    ? ''
    : await recentToken(source, [endpoint], hourOf(Math.min(now, parseDs(ds) + DAY_SECONDS - 1)))
  return kept(cacheOf(source).lists, `slots/${endpoint}/${ds}`, `${hourOf(now)}\n${recent}`, async () =>
    (await listed(platform.store, prefix)).flatMap(({ key }) => {
      const slot = parseDt(/^dt=([^/]+)\/predictions\.parquet$/.exec(key.slice(prefix.length))?.[1] ?? '')
      return slot ?? []
    }),
  )
}

async function recentToken(
  { platform, info }: CitySource,
  endpoints: readonly string[],
  hour: EpochSeconds,
): Promise<string> {
  const listings = await Promise.all(
    endpoints.map((endpoint) =>
      listed(
        platform.store,
        `${folderOf(endpoint, info.city)}ds=${dsOf(hour)}/dt=${dtOf(hour).slice(0, 13)}`,
      ),
    ),
  )
  return tokenOf(listings.flat())
}

async function hoursOf(source: CitySource, first: EpochSeconds, last: EpochSeconds): Promise<BatchHour[]> {
  const { predictions, lists } = cacheOf(source)
  const now = source.now()
  const endpoints = await predictingEndpoints(source)
  const asked: { hour: EpochSeconds; token: string }[] = []
  for (let hour = first; hour <= last; hour += HOUR_SECONDS) {
    const list = (): Promise<string> => recentToken(source, endpoints, hour)
    const isOver = hour + HOUR_SECONDS + RECENT_SECONDS < now
    const token = isOver ? await kept(lists, `batches/${hour}`, String(hourOf(now)), list) : await list()
    asked.push({ hour, token })
  }
  // Neighbouring hours that are not in memory are read together.
  const missing = asked.filter(({ hour, token }) => !predictions.has(keyOf(hour), token))
  for (let i = 0; i < missing.length;) {
    let n = 1
    while (n < HOURS_AT_ONCE && missing[i + n]?.hour === (missing[i]?.hour ?? 0) + n * HOUR_SECONDS) n++
    startRun(source, missing.slice(i, i + n))
    i += n
  }
  return Promise.all(
    asked.map(
      ({ hour, token }) =>
        predictions.get(keyOf(hour), token, () =>
          readHours(source, hour, 1).then(([one]) => one ?? EMPTY),
        ) as Promise<BatchHour>,
    ),
  )
}

const EMPTY: BatchHour = { bytes: 200, batches: [] }
const keyOf = (hour: EpochSeconds): string => String(hour)

function startRun(source: CitySource, run: readonly { hour: EpochSeconds; token: string }[]): void {
  const [first] = run
  if (!first) return
  const reading = readHours(source, first.hour, run.length)
  for (const [i, { hour, token }] of run.entries())
    void cacheOf(source)
      .predictions.get(keyOf(hour), token, async () => (await reading)[i] ?? EMPTY)
      .catch(() => undefined)
}

async function readHours(source: CitySource, from: EpochSeconds, hours: number): Promise<BatchHour[]> {
  const { platform, info } = source
  const until = from + hours * HOUR_SECONDS
  const found = await batchesFrom(
    platform.warehouse.stream({
      name: 'batch-hours',
      sql: BATCHES_SQL,
      tables: {
        predictions: {
          dataset: 'predictions',
          city: info.city,
          dsFrom: dsOf(from),
          dsTo: dsOf(until - 1),
          since: from,
          until: until - 1,
        },
      },
      params: { from, until },
    }),
    cacheOf(source).stations,
  )
  return Array.from({ length: hours }, (_, i) => {
    const begin = from + i * HOUR_SECONDS
    const batches = found.filter(({ slot }) => slot >= begin && slot < begin + HOUR_SECONDS)
    return { batches, bytes: batches.reduce((sum, batch) => sum + bytesOf(batch), 200) }
  })
}

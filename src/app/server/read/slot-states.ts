import { loadSql } from '../../../core/sql.ts'
import {
  dsOf,
  dsRange,
  HOUR_SECONDS,
  SLOT_SECONDS,
  STATE_MAX_AGE_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf } from './read-cache.ts'
import { dayTimes } from './snapshot-times.ts'

const SLOTS_SQL = loadSql(import.meta.url, './slot-snapshots.sql')
/** Hours that one statement reads. */
const HOURS_AT_ONCE = 6

/** Counts of one snapshot by number of station; below 0 or nothing for a station that is not in it. */
export interface Counts {
  readonly at: EpochSeconds
  readonly bikes: Int16Array
  readonly docks: Int16Array
}

/** Newest snapshots of the five minutes that end with each slot of an hour, by slot. */
interface StatusHour {
  readonly bytes: number
  readonly newest: ReadonlyMap<EpochSeconds, Counts>
}

/**
 * The state at every slot of five minutes in `[from, to]`, oldest first: the newest snapshot at most 15 minutes old, by the
 * rule of the features; undefined where there is none.
 */
export async function slotStates(
  source: CitySource,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<{ readonly slot: EpochSeconds; readonly counts: Counts | undefined }[]> {
  const first = Math.ceil(from / SLOT_SECONDS) * SLOT_SECONDS
  const newest = await newestBySlot(source, first - STATE_MAX_AGE_SECONDS, to)
  const states: { slot: EpochSeconds; counts: Counts | undefined }[] = []
  for (let slot = first; slot <= to; slot += SLOT_SECONDS) {
    let counts: Counts | undefined
    for (let age = 0; !counts && age <= STATE_MAX_AGE_SECONDS; age += SLOT_SECONDS)
      counts = newest.get(slot - age)
    states.push({ slot, counts: counts && slot - counts.at <= STATE_MAX_AGE_SECONDS ? counts : undefined })
  }
  return states
}

/** Bikes or docks of a station by its number; null where it is not known. */
export function countIn(column: Int16Array | undefined, station: number | undefined): number | null {
  const count = station === undefined ? undefined : column?.[station]
  return count === undefined || count < 0 ? null : count
}

async function newestBySlot(
  source: CitySource,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<ReadonlyMap<EpochSeconds, Counts>> {
  const { status } = cacheOf(source)
  const hours: { hour: EpochSeconds; token: string }[] = []
  for (let hour = Math.floor(from / HOUR_SECONDS) * HOUR_SECONDS; hour <= to; hour += HOUR_SECONDS)
    hours.push({ hour, token: await hourToken(source, hour, to) })
  const missing = hours.filter(({ hour, token }) => !status.has(String(hour), token))
  for (let i = 0; i < missing.length;) {
    let n = 1
    while (n < HOURS_AT_ONCE && missing[i + n]?.hour === (missing[i]?.hour ?? 0) + n * HOUR_SECONDS) n++
    startRun(source, missing.slice(i, i + n))
    i += n
  }
  const all = new Map<EpochSeconds, Counts>()
  for (const { hour, token } of hours) {
    const { newest } = (await status.get(String(hour), token, async () =>
      onlyOne(await readHours(source, hour, 1)),
    )) as StatusHour
    for (const [slot, counts] of newest) all.set(slot, counts)
  }
  return all
}

const EMPTY: StatusHour = { bytes: 100, newest: new Map() }
const onlyOne = ([hour]: readonly StatusHour[]): StatusHour => hour ?? EMPTY

/** Tells the snapshots of an hour apart from those it had before. */
async function hourToken(source: CitySource, hour: EpochSeconds, near: EpochSeconds): Promise<string> {
  const [from, until] = [hour - SLOT_SECONDS, hour + HOUR_SECONDS - SLOT_SECONDS]
  const parts: string[] = []
  for (const ds of dsRange(from, until)) {
    const { closed, times } = await dayTimes(source, ds, near)
    parts.push(closed ?? times.filter((time) => time > from && time <= until).join())
  }
  return parts.join('\n')
}

function startRun(source: CitySource, run: readonly { hour: EpochSeconds; token: string }[]): void {
  const [first] = run
  if (!first) return
  const reading = readHours(source, first.hour, run.length)
  for (const [i, { hour, token }] of run.entries())
    void cacheOf(source)
      .status.get(String(hour), token, async () => (await reading)[i] ?? EMPTY)
      .catch(() => undefined)
}

async function readHours(
  { platform, info, ...rest }: CitySource,
  hour: EpochSeconds,
  hours: number,
): Promise<StatusHour[]> {
  const { stations } = cacheOf({ platform, info, ...rest })
  const [from, until] = [hour - SLOT_SECONDS, hour + hours * HOUR_SECONDS - SLOT_SECONDS]
  const stream = platform.warehouse.stream({
    name: 'slot-snapshots',
    sql: SLOTS_SQL,
    tables: {
      status: {
        dataset: 'station_status',
        city: info.city,
        dsFrom: dsOf(from),
        dsTo: dsOf(until),
        since: from,
        until,
      },
    },
    params: { from, until },
  })
  const found = new Map<EpochSeconds, { bikes: number[]; docks: number[] }>()
  for await (const { rows, columns } of stream) {
    const column = <T>(name: string): ArrayLike<T> => (columns[name] ?? []) as unknown as ArrayLike<T>
    const times = column<number>('last_updated')
    const ids = column<string>('station_id')
    const bikes = column<number | null>('num_bikes_available')
    const docks = column<number | null>('num_docks_available')
    for (let row = 0; row < rows; row++) {
      const at = times[row] ?? 0
      let one = found.get(at)
      if (!one) found.set(at, (one = { bikes: [], docks: [] }))
      const station = stations.place(ids[row] ?? '')
      one.bikes[station] = bikes[row] ?? -1
      one.docks[station] = docks[row] ?? -1
    }
  }
  const made = Array.from({ length: hours }, () => ({ bytes: 100, newest: new Map<EpochSeconds, Counts>() }))
  for (const [at, { bikes, docks }] of found) {
    const slot = Math.ceil(at / SLOT_SECONDS) * SLOT_SECONDS
    const into = made[Math.floor((slot - hour) / HOUR_SECONDS)]
    if (!into) continue
    into.newest.set(slot, { at, bikes: packed(bikes, stations.size), docks: packed(docks, stations.size) })
    into.bytes += 4 * stations.size + 200
  }
  return made
}

function packed(values: readonly number[], size: number): Int16Array {
  return Int16Array.from({ length: size }, (_, station) => values[station] ?? -1)
}

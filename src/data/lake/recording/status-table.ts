import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import type { StationStatus } from '../../../core/contracts/station.ts'
import { OperatorError } from '../../../core/errors.ts'
import { DAY_SECONDS, dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { ColumnBatch, ScanType, SqlValue, Warehouse } from '../../../platform/ports.ts'
import { collectStatus, type StatusRecord } from '../../gbfs/rules.ts'
import {
  isWithin,
  type RecordedDay,
  type RecordedSnapshot,
  type Span,
  type StatusSource,
  type TimeRange,
} from './recording.ts'

/** A window of days read in one pass when a file is not in order of time holds at most about this many rows. */
const WINDOW_ROWS = 500_000

const EVERYTHING: TimeRange = {}
const OPTIONAL = new Set(['num_bikes_disabled', 'num_docks_disabled', 'num_ebikes_available'])

/** What a file holds, found by reading its times alone. */
interface Plan {
  readonly rowsByDay: ReadonlyMap<number, number>
  readonly span: Span | undefined
  /** Times never go back from one row to the next. */
  readonly sorted: boolean
}

/**
 * Status in a Parquet or CSV file with the columns of `station_status`; times as timestamps (UTC), ISO 8601 or epoch
 * seconds. Other columns are ignored; the disabled and e-bike counts may be missing. BAD_INPUT names what is missing.
 */
export function openStatusTable(warehouse: Warehouse, path: string): StatusSource {
  let known: { readonly range: TimeRange; readonly plan: Promise<Plan> } | undefined
  let columns: Promise<Record<string, ScanType>> | undefined
  // Looking at a CSV file reads it whole, so it is done once.
  const columnsOf = (): Promise<Record<string, ScanType>> => (columns ??= scanColumns(warehouse, path))
  const planOf = async (range: TimeRange): Promise<Plan> => {
    await columnsOf()
    if (known?.range !== range) known = { range, plan: makePlan(warehouse, path, range) }
    return known.plan
  }
  return {
    name: path,
    span: async () => (await planOf(EVERYTHING)).span,
    size: async (range) => total((await planOf(range)).rowsByDay.values()),
    days: async function* (range, onProgress) {
      const plan = await planOf(range)
      let done = 0
      for (const window of windowsOf(plan)) {
        const rows = warehouse.scanFile(path, await columnsOf())
        yield* readWindow(rows, path, { ...plan, range, window }, (n) => onProgress((done += n)))
      }
    },
  }
}

async function scanColumns(warehouse: Warehouse, path: string): Promise<Record<string, ScanType>> {
  const present = new Set((await warehouse.describeFile(path)).map(({ name }) => name))
  const missing = TABLE_SCHEMAS.station_status
    .map(({ name }) => name)
    .filter((name) => !present.has(name) && !OPTIONAL.has(name))
  if (missing.length > 0) {
    throw new OperatorError(
      'BAD_INPUT',
      `${path}: ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing (it has ${[...present].join(', ')})`,
      'A recording of status has the columns of station_status; rename yours, or leave the file out.',
    )
  }
  const columns: Record<string, ScanType> = {}
  for (const { name, type } of TABLE_SCHEMAS.station_status) {
    if (!present.has(name)) continue
    const isTime = name === 'last_updated' || name === 'last_reported'
    // Counts are read wider than they are stored, so that the rules see what was recorded.
    columns[name] = isTime ? 'EPOCH' : type === 'INTEGER' ? 'BIGINT' : type
  }
  return columns
}

async function makePlan(warehouse: Warehouse, path: string, range: TimeRange): Promise<Plan> {
  const rowsByDay = new Map<number, number>()
  let sorted = true
  let before = -Infinity
  let first = Infinity
  let last = -Infinity
  let unplaced = 0
  for await (const batch of warehouse.scanFile(path, { last_updated: 'EPOCH' })) {
    const times = batch.columns['last_updated'] ?? []
    for (let row = 0; row < batch.rows; row++) {
      const time = timeAt(times, row)
      if (time === undefined) unplaced++
      if (time === undefined || !isWithin(time, range)) continue
      if (time < before) sorted = false
      before = time
      if (time < first) first = time
      if (time > last) last = time
      const day = Math.floor(time / DAY_SECONDS)
      rowsByDay.set(day, (rowsByDay.get(day) ?? 0) + 1)
    }
  }
  if (unplaced > 0) {
    throw new OperatorError(
      'BAD_INPUT',
      `${path}: ${unplaced} rows have no last_updated that is a time`,
      'Write times as 2023-04-03T00:23:53Z, as timestamps in UTC, or as epoch seconds.',
    )
  }
  return { rowsByDay, sorted, span: rowsByDay.size === 0 ? undefined : { first, last } }
}

/** Days to read in one pass: all of them when the file is in order, else as many as memory may hold. */
function windowsOf(plan: Plan): ReadonlySet<number>[] {
  if (plan.sorted) return plan.rowsByDay.size === 0 ? [] : [new Set(plan.rowsByDay.keys())]
  const windows: Set<number>[] = []
  let rows = Infinity
  for (const [day, count] of [...plan.rowsByDay].sort(([a], [b]) => a - b)) {
    if (rows + count > WINDOW_ROWS) {
      windows.push(new Set())
      rows = 0
    }
    windows.at(-1)?.add(day)
    rows += count
  }
  return windows
}

interface Reading extends Plan {
  readonly range: TimeRange
  readonly window: ReadonlySet<number>
}

async function* readWindow(
  batches: AsyncIterable<ColumnBatch>,
  path: string,
  reading: Reading,
  onRows: (rows: number) => void,
): AsyncIterable<RecordedDay> {
  let open = new DayReader(path, reading.sorted)
  const days = new Map<number, DayReader>()
  let openDay: number | undefined
  for await (const batch of batches) {
    const read = recordReader(batch)
    const times = batch.columns['last_updated'] ?? []
    let taken = 0
    for (let row = 0; row < batch.rows; row++) {
      const time = timeAt(times, row)
      if (time === undefined || !isWithin(time, reading.range)) continue
      const day = Math.floor(time / DAY_SECONDS)
      if (!reading.window.has(day)) continue
      if (day !== openDay) {
        if (reading.sorted && openDay !== undefined) {
          days.delete(openDay)
          yield open.finish(openDay)
        }
        open = days.get(day) ?? new DayReader(path, reading.sorted)
        days.set(day, open)
        openDay = day
      }
      open.add(time, read(row))
      taken++
    }
    onRows(taken)
  }
  for (const [day, reader] of [...days].sort(([a], [b]) => a - b)) yield reader.finish(day)
}

/** Gathers the records of one day into snapshots. */
class DayReader {
  readonly #path: string
  readonly #sorted: boolean
  readonly #records = new Map<EpochSeconds, StatusRecord[]>()
  readonly #done: RecordedSnapshot[] = []
  #current: { readonly time: EpochSeconds; readonly records: StatusRecord[] } | undefined

  constructor(path: string, sorted: boolean) {
    this.#path = path
    this.#sorted = sorted
  }

  add(time: EpochSeconds, record: StatusRecord): void {
    if (this.#current?.time !== time) {
      // In a sorted file a snapshot is whole once the next begins; its records need not be kept.
      if (this.#sorted) this.#finishCurrent()
      const records = this.#records.get(time) ?? []
      if (!this.#sorted) this.#records.set(time, records)
      this.#current = { time, records }
    }
    this.#current.records.push(record)
  }

  finish(day: number): RecordedDay {
    if (this.#sorted) this.#finishCurrent()
    else for (const [time, records] of this.#records) this.#done.push(snapshotOf(this.#path, time, records))
    const snapshots = this.#done.sort((a, b) => a.snapshot.last_updated - b.snapshot.last_updated)
    return { ds: dsOf(day * DAY_SECONDS), snapshots }
  }

  #finishCurrent(): void {
    if (this.#current) this.#done.push(snapshotOf(this.#path, this.#current.time, this.#current.records))
    this.#current = undefined
  }
}

function snapshotOf(
  path: string,
  last_updated: EpochSeconds,
  records: readonly StatusRecord[],
): RecordedSnapshot {
  let collected = collectStatus(records)
  // A row that is there twice, word for word, is a slip of the recording and not of the feed.
  if (collected.quarantined.some(({ reason }) => reason === 'duplicate_station_id'))
    collected = collectStatus(distinct(records))
  const snapshot = { last_updated, ttl: 0, version: 'recording', ...collected }
  return {
    snapshot,
    body: () => Promise.resolve(JSON.stringify({ recording: path, ...snapshot })),
  }
}

function distinct(records: readonly StatusRecord[]): StatusRecord[] {
  return [...new Map(records.map((record) => [JSON.stringify(record), record])).values()]
}

function recordReader(batch: ColumnBatch): (row: number) => StatusRecord {
  const column = (name: keyof StationStatus): ArrayLike<SqlValue> => batch.columns[name] ?? []
  const id = column('station_id')
  const bikes = column('num_bikes_available')
  const docks = column('num_docks_available')
  const bikesDisabled = column('num_bikes_disabled')
  const docksDisabled = column('num_docks_disabled')
  const ebikes = column('num_ebikes_available')
  const installed = column('is_installed')
  const renting = column('is_renting')
  const returning = column('is_returning')
  const reported = column('last_reported')
  return (row) => ({
    station_id: id[row],
    num_bikes_available: bikes[row],
    num_docks_available: docks[row],
    num_bikes_disabled: bikesDisabled[row],
    num_docks_disabled: docksDisabled[row],
    num_ebikes_available: ebikes[row],
    is_installed: installed[row],
    is_renting: renting[row],
    is_returning: returning[row],
    last_reported: timeAt(reported, row),
  })
}

/** Whole seconds; undefined where there is no time. */
function timeAt(values: ArrayLike<SqlValue>, row: number): EpochSeconds | undefined {
  const value = values[row]
  return typeof value === 'number' && !Number.isNaN(value) ? Math.floor(value) : undefined
}

function total(counts: Iterable<number>): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

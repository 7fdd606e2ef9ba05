import type { Dataset } from '../../../src/core/keys.ts'
import { TABLE_SCHEMAS } from '../../../src/core/contracts/tables.ts'
import { type ErrorCode, isOperatorError } from '../../../src/core/errors.ts'
import type {
  Column,
  ColumnBatch,
  ObjectStore,
  SqlValue,
  TableRef,
  Warehouse,
} from '../../../src/platform/ports.ts'

/** A warehouse under test, its lake's objects, and a local folder outside the lake. */
export interface OpenWarehouse {
  readonly warehouse: Warehouse
  readonly store: ObjectStore
  readonly outside: string
  close(): Promise<void>
}

/** The day the tests' rows are of, and its first second. */
export const DAY = '2024-03-12'
export const MIDNIGHT = Date.parse(`${DAY}T00:00:00Z`) / 1000

/** The day's status of a city. */
export const status = (city: string, more: Partial<TableRef> = {}): TableRef => ({
  dataset: 'station_status',
  city,
  dsFrom: DAY,
  dsTo: DAY,
  ...more,
})

/** Columns of a dataset from rows of some of them; what is not given is null. */
export function columnsOf(
  dataset: Dataset | 'predictions',
  rows: readonly Readonly<Record<string, string | number | boolean>>[],
): Column[] {
  return TABLE_SCHEMAS[dataset].map(({ name, type }) => ({
    name,
    type,
    values: rows.map((row) => row[name] ?? null),
  }))
}

/** Writes status rows with nothing but the three columns most tests look at. */
export async function putStatus(
  warehouse: Warehouse,
  key: string,
  rows: readonly (readonly [at: number, station: string, bikes: number])[],
): Promise<void> {
  const list = rows.map(([at, station, bikes]) => ({
    last_updated: at,
    station_id: station,
    num_bikes_available: bikes,
  }))
  await warehouse.writeRows(key, columnsOf('station_status', list))
}

/** Runs a statement called `asked`. */
export function ask(
  warehouse: Warehouse,
  sql: string,
  tables: Record<string, TableRef> = {},
  params: Record<string, SqlValue> = {},
): Promise<Record<string, SqlValue>[]> {
  return warehouse.rows({ name: 'asked', sql, tables, params })
}

/** All batches of a stream. */
export async function collect(batches: AsyncIterable<ColumnBatch>): Promise<ColumnBatch[]> {
  const all: ColumnBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

/** Whether an error is an operator's, of this code, with this in its message and hint. */
export const refusedAs =
  (code: ErrorCode, pattern: RegExp) =>
  (error: unknown): boolean =>
    isOperatorError(error, code) && pattern.test(`${error.message} ${error.hint}`)

/** A table `t` with the whole numbers below ten to the power of `digits` as `i`, in the SQL of every engine. */
export function wholeNumbers(digits: number): string {
  const digit = '(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))'
  const places = Array.from({ length: digits }, (_, place) => `d${place}.x * ${10 ** place}`)
  const tables = places.map((_, place) => `${digit} AS d${place}(x)`)
  return `(SELECT ${places.join(' + ')} AS i FROM ${tables.join(' CROSS JOIN ')}) AS t`
}

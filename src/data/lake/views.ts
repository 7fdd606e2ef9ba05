import { loadSql } from '../../core/sql.ts'
import type { TableColumn, TableName } from '../../core/contracts/tables.ts'
import { dsOf, DAY_SECONDS, HORIZON_SECONDS, parseDs, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, QueryTable, SqlValue, TableRef } from '../../platform/ports.ts'
import type { Dataset } from '../../core/keys.ts'
import { datasetDays, statusDays } from './days.ts'
import type { LakeParts } from './publish.ts'
import { VIEW_COLUMNS } from './view-columns.ts'

/** Names of the views, as configured. */
export interface ViewNames {
  readonly station_information: string
  readonly predictions: string
  readonly quality: string
}

/** The names as they are unless configured otherwise. */
export const DEFAULT_VIEWS: ViewNames = {
  station_information: 'v_station_information',
  predictions: 'v_predictions',
  quality: 'v_quality',
}

/** Joins `predictions` with what `station_status` says happened; see the file's header for its rows. */
export const QUALITY_SQL = loadSql(import.meta.url, './v-quality.sql')

/** The views: the name's key, the statement, its columns, and the tables it reads. */
export const VIEWS: readonly {
  readonly key: keyof ViewNames
  readonly sql: string
  readonly columns: readonly TableColumn[]
  readonly reads: readonly TableName[]
}[] = [
  {
    key: 'station_information',
    sql: loadSql(import.meta.url, './v-station-information.sql'),
    columns: VIEW_COLUMNS.station_information,
    reads: ['station_information'],
  },
  {
    key: 'predictions',
    sql: loadSql(import.meta.url, './v-predictions.sql'),
    columns: VIEW_COLUMNS.predictions,
    reads: ['predictions'],
  },
  {
    key: 'quality',
    sql: QUALITY_SQL,
    columns: VIEW_COLUMNS.quality,
    reads: ['predictions', 'station_status'],
  },
]

/** Tables of the lake that a query may name. */
export const LAKE_TABLES = [
  'station_status',
  'station_information',
  'neighbours',
  'weather_hourly',
  'calendar',
  'features',
  'predictions',
  'monitoring_quality',
] as const satisfies readonly TableName[]

/** Rows of a query, by position, in the order of `columns`. */
export interface SqlResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** Runs one read-only query over the lake's tables and views. BAD_INPUT when it is not one, or fails. */
export async function runSql(
  platform: LakeParts,
  options: { readonly city: string; readonly query: string; readonly views?: ViewNames },
): Promise<SqlResult> {
  const names = options.views ?? DEFAULT_VIEWS
  const tables = await tablesFor(platform.store, options.city, options.query, names)
  const result = await platform.warehouse.query(options.query, tables)
  return { columns: result.columns.map(({ name }) => name), rows: result.rows }
}

/** Only what the query mentions is looked up: a lake may hold a hundred thousand files of predictions. */
async function tablesFor(
  store: ObjectStore,
  city: string,
  query: string,
  names: ViewNames,
): Promise<Record<string, QueryTable>> {
  const text = query.toLowerCase()
  const mentions = (name: string): boolean => text.includes(name.toLowerCase())
  const views = VIEWS.filter(({ key }) => mentions(names[key]))
  const needed = new Set<TableName>(views.flatMap(({ reads }) => reads))
  for (const table of LAKE_TABLES) if (mentions(table)) needed.add(table)
  const tables: Record<string, QueryTable> = {}
  for (const table of LAKE_TABLES) if (needed.has(table)) tables[table] = await refOf(store, table, city)
  for (const { key, sql } of views) tables[names[key]] = { sql }
  return tables
}

const NO_DAYS = { dsFrom: '1970-01-01', dsTo: '1970-01-01' }

async function refOf(store: ObjectStore, table: TableName, city: string): Promise<TableRef> {
  const days =
    table in BATCH_FILES
      ? await batchDays(store, table as BatchTable, city)
      : table === 'station_status'
        ? await statusDays(store, city)
        : await datasetDays(store, table as Dataset, city)
  const [dsFrom, dsTo] = [days[0], days.at(-1)]
  return { dataset: table, city, ...(dsFrom && dsTo ? { dsFrom, dsTo } : NO_DAYS) }
}

/** The tables of a file or more an endpoint and batch, `FOLDER/endpoint=E/city=C/ds=D/dt=DT/`, and what these are called. */
export const BATCH_FILES = {
  predictions: { folder: 'inference', files: 'predictions.parquet' },
  monitoring_quality: { folder: 'monitoring/quality', files: '*.parquet' },
} as const satisfies Partial<Record<TableName, { folder: string; files: string }>>
export type BatchTable = keyof typeof BATCH_FILES

/** The days of which any endpoint has files of such a table, in order. */
export async function batchDays(store: ObjectStore, table: BatchTable, city: string): Promise<string[]> {
  const { folder } = BATCH_FILES[table]
  const days = new Set<string>()
  for (const endpoint of await store.folders(`${folder}/`)) {
    for (const name of await store.folders(`${folder}/${endpoint}/city=${city}/`))
      if (name.startsWith('ds=')) days.add(name.slice(3))
  }
  return [...days].sort()
}

/** The tables that QUALITY_SQL reads for predictions of the days `dsFrom`..`dsTo`: outcomes reach into the day after. */
export function qualityTables(city: string, dsFrom: string, dsTo: string): Record<string, TableRef> {
  return {
    predictions: { dataset: 'predictions', city, dsFrom, dsTo },
    station_status: { dataset: 'station_status', city, dsFrom, dsTo: dsOf(parseDs(dsTo) + DAY_SECONDS) },
  }
}

/** An outcome's snapshot may be this much older than the moment it is due; see the statement. */
const OUTCOME_MAX_AGE_SECONDS = 900

/** The tables that QUALITY_SQL reads for predictions of the slots in `[from, until)`, without files that hold none of them. */
export function qualityTablesBetween(
  city: string,
  { from, until }: { readonly from: EpochSeconds; readonly until: EpochSeconds },
): Record<string, TableRef> {
  const outcomesFrom = from + HORIZON_SECONDS - OUTCOME_MAX_AGE_SECONDS
  const outcomesTo = until - 1 + HORIZON_SECONDS
  const days = (since: EpochSeconds, to: EpochSeconds) => ({
    city,
    dsFrom: dsOf(since),
    dsTo: dsOf(to),
    since,
    until: to,
  })
  return {
    predictions: { dataset: 'predictions', ...days(from, until - 1) },
    station_status: { dataset: 'station_status', ...days(outcomesFrom, outcomesTo) },
  }
}

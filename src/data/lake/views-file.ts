import { TABLE_SCHEMAS, type TableName } from '../../core/contracts/tables.ts'
import { DATASETS } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { datasetDays } from './days.ts'
import { isCompacted } from './status-day.ts'
import { BATCH_FILES, batchDays, DEFAULT_VIEWS, LAKE_TABLES, VIEWS, type ViewNames } from './views.ts'

/** Where the views stand for whoever opens the lake with DuckDB: `duckdb -init views.sql`, in the lake's folder. */
export const VIEWS_KEY = 'views.sql'

/** Writes views.sql anew where it would change: tables and views of the lake, with paths relative to its folder. */
export async function writeViews(
  store: ObjectStore,
  city: string,
  names: ViewNames = DEFAULT_VIEWS,
): Promise<void> {
  const text = await viewsText(store, city, names)
  const present = await store.get(VIEWS_KEY)
  if (present !== undefined && new TextDecoder().decode(present.body) === text) return
  await store.put(VIEWS_KEY, text)
}

async function viewsText(store: ObjectStore, city: string, names: ViewNames): Promise<string> {
  const parts = [
    `-- The lake of ${city} as tables and views for DuckDB. In this folder: duckdb -init ${VIEWS_KEY}`,
    '-- Times are seconds since 1970, UTC: make_timestamp(last_updated * 1000000), or to_timestamp(last_updated).',
  ]
  for (const table of LAKE_TABLES)
    parts.push(`create or replace view ${table} as\n${await selectOf(store, table, city)};`)
  for (const { key, sql } of VIEWS) parts.push(`create or replace view ${names[key]} as\n${sql.trim()};`)
  return `${parts.join('\n\n')}\n`
}

async function selectOf(store: ObjectStore, table: TableName, city: string): Promise<string> {
  const files = await filesOf(store, table, city)
  const columns = TABLE_SCHEMAS[table]
  if (files.length === 0) {
    const nulls = columns.map(({ name, type }) => `cast(null as ${type}) as ${name}`)
    return `select ${nulls.join(', ')}\nwhere false`
  }
  const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')
  return `select ${columns.map(({ name }) => name).join(', ')}\nfrom read_parquet([${list}], hive_partitioning = false)`
}

/** Patterns rather than files, so that a day that comes later is seen; a pattern without a file would be an error. */
async function filesOf(store: ObjectStore, table: TableName, city: string): Promise<string[]> {
  if (table === 'predictions' || table === 'monitoring_quality') {
    const { folder, files } = BATCH_FILES[table]
    const days = await batchDays(store, table, city)
    return days.length === 0 ? [] : [`${folder}/endpoint=*/city=${city}/ds=*/dt=*/${files}`]
  }
  const days = await datasetDays(store, table, city)
  const files = days.length === 0 ? [] : [`${DATASETS[table]}/city=${city}/ds=*/*.parquet`]
  if (table !== 'station_status') return files
  for (const ds of await datasetDays(store, 'station_status_live', city)) {
    // Of a day that is compacted the single file alone counts.
    if (!(await isCompacted(store, city, ds)))
      files.push(`${DATASETS.station_status_live}/city=${city}/ds=${ds}/*.parquet`)
  }
  return files
}

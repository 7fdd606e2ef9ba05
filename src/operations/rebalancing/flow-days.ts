import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { partitionPrefix } from '../../core/keys.ts'
import { loadSql } from '../../core/sql.ts'
import { DAY_SECONDS, parseDs } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'

const FLOWS_SQL = loadSql(import.meta.url, './flows.sql')
const VERSION = 2

/** Figures of a station in an hour, in the order of a day's rows. */
export const FLOW_COLUMNS = [
  'rent_intervals',
  'rent_seconds',
  'rented',
  'return_intervals',
  'return_seconds',
  'returned',
] as const

/** What came and went in a UTC day: one row a station and hour, by column. See flows.sql. */
const flowDaySchema = z.strictObject({
  flows_version: z.literal(VERSION),
  /** What it was counted from. */
  source: z.string(),
  stations: z.array(z.string()),
  /** Index into `stations`, and the UTC hour, of each row. */
  station: z.array(z.int()),
  hour: z.array(z.int()),
  columns: z.record(z.enum(FLOW_COLUMNS), z.array(z.number())),
})
export type FlowDay = z.infer<typeof flowDaySchema>

const keyOf = (city: string, ds: string): string => `plans/demand/city=${city}/ds=${ds}/flows.json.gz`

/**
 * The flows of a UTC day. Counted once a day that is compacted, and kept; counted again when its file is another. A day that
 * is still open is counted each time.
 */
export async function flowsOf(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  ds: string,
): Promise<FlowDay> {
  const source = await closedSource(store, city, ds)
  const kept = source === undefined ? undefined : await readKept(store, keyOf(city, ds), source)
  if (kept !== undefined) return kept
  const from = parseDs(ds)
  const rows = await warehouse.rows<
    Record<(typeof FLOW_COLUMNS)[number] | 'hour', number> & { station_id: string }
  >({
    name: 'flows of a day',
    sql: FLOWS_SQL,
    tables: { status: { dataset: 'station_status', city, dsFrom: ds, dsTo: ds } },
    params: { from, until: from + DAY_SECONDS },
  })
  const stations = [...new Set(rows.map((row) => row.station_id))]
  const index = new Map(stations.map((id, i) => [id, i]))
  const day: FlowDay = {
    flows_version: VERSION,
    source: source ?? '',
    stations,
    station: rows.map((row) => index.get(row.station_id) ?? 0),
    hour: rows.map((row) => row.hour),
    columns: Object.fromEntries(
      FLOW_COLUMNS.map((name) => [name, rows.map((row) => row[name])]),
    ) as FlowDay['columns'],
  }
  if (source !== undefined) await store.put(keyOf(city, ds), gzipSync(JSON.stringify(day)))
  return day
}

/** The tag of a compacted day's file; undefined for a day without one. */
async function closedSource(store: Platform['store'], city: string, ds: string): Promise<string | undefined> {
  for await (const { key, etag } of store.list(partitionPrefix('station_status', city, ds)))
    if (key.endsWith('/day.parquet')) return etag
  return undefined
}

/** What is damaged or of another source is as good as not there: it is counted again. */
async function readKept(store: Platform['store'], key: string, source: string): Promise<FlowDay | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    const day = flowDaySchema.parse(JSON.parse(gunzipSync(object.body).toString()))
    return day.source === source ? day : undefined
  } catch {
    return undefined
  }
}

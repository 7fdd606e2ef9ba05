import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import type { Column } from '../../platform/ports.ts'
import { changeDay, type LakeParts } from './publish.ts'

type SmallDataset = 'station_information' | 'weather_hourly'
type Value = string | number | boolean | null

/** Rows as the columns of a dataset. */
function columnsOf(dataset: SmallDataset, rows: readonly object[]): Column[] {
  return TABLE_SCHEMAS[dataset].map(({ name, type }) => ({
    name,
    type,
    values: rows.map((row) => (row as Readonly<Record<string, Value>>)[name] ?? null),
  }))
}

/** How a small dataset keys and orders its rows. */
export interface RowKeys<Row> {
  readonly dataset: SmallDataset
  readonly dayOf: (row: Row) => EpochSeconds
  /** Equal for rows of which only the first may stay. */
  readonly keyOf: (row: Row) => string
  readonly compare: (a: Row, b: Row) => number
}

/**
 * Adds rows to their days' files; of a key that is there the first stays. Days without a new key are left untouched.
 * Returns how many rows were new. Meant for days of thousands of rows, not of millions.
 */
export async function addRows<Row extends object>(
  platform: LakeParts,
  city: string,
  keys: RowKeys<Row>,
  rows: readonly Row[],
): Promise<number> {
  const byDay = new Map<string, Row[]>()
  for (const row of rows) {
    const ds = dsOf(keys.dayOf(row))
    const day = byDay.get(ds)
    if (day) day.push(row)
    else byDay.set(ds, [row])
  }
  let added = 0
  for (const [ds, incoming] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    added += await addToDay(platform, city, keys, ds, incoming)
  }
  return added
}

async function addToDay<Row extends object>(
  platform: LakeParts,
  city: string,
  keys: RowKeys<Row>,
  ds: string,
  incoming: readonly Row[],
): Promise<number> {
  const { dataset } = keys
  return changeDay(platform, { dataset, city, ds }, async () => {
    const present = await platform.warehouse.rows<Row>({
      name: `${dataset}-day`,
      sql: 'select * from day',
      tables: { day: { dataset, city, dsFrom: ds, dsTo: ds } },
    })
    const byKey = new Map(present.map((row) => [keys.keyOf(row), row]))
    const before = byKey.size
    for (const row of incoming) if (!byKey.has(keys.keyOf(row))) byKey.set(keys.keyOf(row), row)
    const result = byKey.size - before
    if (result === 0) return { result, file: undefined }
    const all = [...byKey.values()].sort(keys.compare)
    return {
      result,
      file: { columns: columnsOf(dataset, all), identity: [...byKey.keys()].sort().join('\n') },
    }
  })
}

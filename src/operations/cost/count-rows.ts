import { DATASETS, type Dataset } from '../../core/keys.ts'
import type { TableName } from '../../core/contracts/tables.ts'
import { datasetDays, statusDays } from '../../data/lake/days.ts'
import { BATCH_FILES, batchDays, type BatchTable } from '../../data/lake/views.ts'
import type { Platform } from '../../platform/ports.ts'

/** Rows of the Parquet datasets, by the beginning of their keys; of `curated/station_status` with the open days. */
export async function countRows(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
): Promise<Map<string, number>> {
  const rows = new Map<string, number>()
  const tables: readonly (readonly [TableName, string])[] = [
    ...Object.entries(DATASETS)
      .filter(([name]) => name !== 'station_status_live')
      .map(([name, prefix]) => [name as TableName, prefix] as const),
    ...Object.entries(BATCH_FILES).map(([name, { folder }]) => [name as TableName, folder] as const),
  ]
  for (const [dataset, prefix] of tables) {
    const days = await daysOf(platform, dataset, city)
    const [dsFrom, dsTo] = [days[0], days.at(-1)]
    if (dsFrom === undefined || dsTo === undefined) continue
    const found = await platform.warehouse.rows<{ n: number }>({
      name: `rows of ${dataset}`,
      sql: 'select count(*) as n from counted',
      tables: { counted: { dataset, city, dsFrom, dsTo } },
    })
    rows.set(prefix, found[0]?.n ?? 0)
  }
  return rows
}

function daysOf({ store }: Pick<Platform, 'store'>, dataset: TableName, city: string): Promise<string[]> {
  if (dataset in BATCH_FILES) return batchDays(store, dataset as BatchTable, city)
  if (dataset === 'station_status') return statusDays(store, city)
  return datasetDays(store, dataset as Dataset, city)
}

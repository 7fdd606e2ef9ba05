import { loadSql } from '../../core/sql.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { statusDays } from '../lake/days.ts'

const LAST_SNAPSHOT_SQL = loadSql(import.meta.url, './last-snapshot.sql')

/** The time of the lake's newest snapshot; 0 when there is none. */
export async function lastSnapshot(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
): Promise<EpochSeconds> {
  const ds = (await statusDays(store, city)).at(-1)
  if (ds === undefined) return 0
  const [row] = await warehouse.rows<{ last_updated: EpochSeconds | null }>({
    name: 'last-snapshot',
    sql: LAST_SNAPSHOT_SQL,
    tables: { status: { dataset: 'station_status', city, dsFrom: ds, dsTo: ds } },
  })
  return row?.last_updated ?? 0
}

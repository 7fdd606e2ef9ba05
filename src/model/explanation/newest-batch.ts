import type { Prediction } from '../../core/contracts/prediction.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'

const NEWEST_SQL = loadSql(import.meta.url, './newest-batch.sql')

/**
 * Predictions of an endpoint's newest batch of the hour before `at`, the highest score first; empty when there is none. A
 * prediction made later than `at` counts only if it was made after the fact.
 */
export async function newestBatch(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { city, endpoint, at }: { readonly city: string; readonly endpoint: string; readonly at: EpochSeconds },
): Promise<Prediction[]> {
  const since = at - HOUR_SECONDS
  return warehouse.rows<Prediction>({
    name: 'newest batch',
    sql: NEWEST_SQL,
    tables: {
      predictions: { dataset: 'predictions', city, dsFrom: dsOf(since), dsTo: dsOf(at), since, until: at },
    },
    params: { endpoint, at },
  })
}

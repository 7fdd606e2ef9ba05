import { FEATURE_CONTRACT } from '../../core/contracts/features.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dayKey, partitionPrefix } from '../../core/keys.ts'
import { dsRange, parseDs, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, TableRef } from '../../platform/ports.ts'
import { parquetContents, type ObjectContent } from './contents.ts'
import { FEATURES_SQL, featureTables, type SlotRange } from './feature-statement.ts'

const SQL_SHA256 = sha256(FEATURES_SQL)

/**
 * A hash of everything the features of a day are made of: contract, statement, and the contents of the files it reads. Of
 * the days before and after it these are, while they are open, only the snapshots that matter, so that a day is not built
 * again with every snapshot of the next.
 */
export async function dayInputs(
  store: ObjectStore,
  city: string,
  ds: string,
  slots: SlotRange,
): Promise<string> {
  const tables = await featureTables(store, city, slots)
  const { stations, neighbours, weather } = tables
  const calendar = { ...tables.calendar, dsFrom: ds, dsTo: ds }
  const files: ObjectContent[] = await statusContents(store, tables.status)
  for (const table of [stations, neighbours, weather, calendar])
    for (const day of dsRange(parseDs(table.dsFrom), parseDs(table.dsTo)))
      files.push(...(await parquetContents(store, partitionPrefix(table.dataset, city, day))))
  const { knownUntil } = slots
  return sha256(canonicalJson({ contract: FEATURE_CONTRACT, sql: SQL_SHA256, knownUntil, files }))
}

/** A compacted day counts as a whole; of an open one, the live files within `since` and `until`. */
async function statusContents(
  store: ObjectStore,
  { city, dsFrom, dsTo, since = 0, until = Number.POSITIVE_INFINITY }: TableRef,
): Promise<ObjectContent[]> {
  const contents: ObjectContent[] = []
  for (const ds of dsRange(parseDs(dsFrom), parseDs(dsTo))) {
    const key = dayKey('station_status', city, ds)
    const compacted = (await parquetContents(store, key)).filter((content) => content.key === key)
    const within = (live: string): boolean => {
      const at = liveTime(live)
      return at !== undefined && at >= since && at <= until
    }
    contents.push(
      ...(compacted.length > 0
        ? compacted
        : await parquetContents(store, partitionPrefix('station_status_live', city, ds), within)),
    )
  }
  return contents
}

const liveTime = (key: string): EpochSeconds | undefined =>
  parseDt(key.slice(key.lastIndexOf('/') + 1).replace(/\.parquet$/, ''))

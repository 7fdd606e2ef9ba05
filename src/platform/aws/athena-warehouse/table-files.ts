import { dayKey, partitionPrefix } from '../../../core/keys.ts'
import type { TableName } from '../../../core/contracts/tables.ts'
import { dsRange, parseDs, parseDt } from '../../../core/time.ts'
import type { ObjectSummary, TableRef } from '../../ports.ts'
import { physicalTable } from '../glue-tables/physical-tables.ts'
import { listFolders, listObjects } from '../s3-store/list-objects.ts'
import type { S3Lake } from '../s3-store/s3-lake.ts'

/** A Parquet file of a table, and the partition that it is in. */
export interface TableFile extends ObjectSummary {
  /** The table of Glue that reads it. */
  readonly table: TableName
  readonly endpoint: string | undefined
  readonly ds: string
}

const PARQUET = '.parquet'
/** Hive passes these over, as the lake means it: markers, and batches that are not whole. */
const HIDDEN = /(^|\/)[_.][^/]*$/

/** Files that hold a table, in order; see `TableRef` for which these are. */
export async function tableFiles(lake: S3Lake, ref: TableRef): Promise<TableFile[]> {
  dsRange(parseDs(ref.dsFrom), parseDs(ref.dsTo))
  if (ref.dataset === 'station_status_live')
    throw new Error('station_status_live is no table: station_status covers it')
  if (ref.dataset === 'station_status') return statusFiles(lake, ref)
  const { folder, partitions } = physicalTable(ref.dataset)
  if (!partitions.includes('endpoint'))
    return filesOf(lake, ref, ref.dataset, `${folder}/city=${ref.city}/`, undefined)
  const files: TableFile[] = []
  for (const name of await listFolders(lake, `${folder}/`)) {
    const endpoint = name.replace(/^endpoint=/, '')
    const city = `${folder}/${name}/city=${ref.city}/`
    files.push(...(await filesOf(lake, ref, ref.dataset, city, endpoint)).filter(hinted(ref)))
  }
  return files
}

/** Of a day its compacted file, else its live ones. */
async function statusFiles(lake: S3Lake, ref: TableRef): Promise<TableFile[]> {
  const folder = (dataset: 'station_status' | 'station_status_live'): string =>
    partitionPrefix(dataset, ref.city, '').replace(/ds=\/$/, '')
  // In this order: a compaction writes the day's file before it removes live ones, so that one of the two looks is whole.
  const live = await filesOf(lake, ref, 'station_status_live', folder('station_status_live'), undefined)
  const days = await filesOf(lake, ref, 'station_status', folder('station_status'), undefined)
  const closed = days.filter(({ key, ds }) => key === dayKey('station_status', ref.city, ds))
  const isClosed = new Set(closed.map(({ ds }) => ds))
  return [...closed, ...live.filter(({ ds }) => !isClosed.has(ds)).filter(hinted(ref))]
}

/** Whether a file, by the time in its path, may hold what is asked for. */
function hinted({ since = -Infinity, until = Infinity }: TableRef): (file: TableFile) => boolean {
  return ({ key }) => {
    const dt = /(\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2})(\.parquet|\/[^/]+)$/.exec(key)?.[1]
    const at = dt === undefined ? undefined : parseDt(dt)
    return at === undefined || (at >= since && at <= until)
  }
}

async function filesOf(
  lake: S3Lake,
  ref: TableRef,
  table: TableName,
  cityPrefix: string,
  endpoint: string | undefined,
): Promise<TableFile[]> {
  const files: TableFile[] = []
  const range = {
    prefix: cityPrefix,
    after: `${cityPrefix}ds=${ref.dsFrom}`,
    until: `${cityPrefix}ds=${ref.dsTo}/`,
  }
  for await (const object of listObjects(lake, range)) {
    const ds = /^ds=(\d{4}-\d{2}-\d{2})\//.exec(object.key.slice(cityPrefix.length))?.[1]
    if (ds !== undefined && object.key.endsWith(PARQUET) && !HIDDEN.test(object.key))
      files.push({ ...object, table, endpoint, ds })
  }
  return files
}

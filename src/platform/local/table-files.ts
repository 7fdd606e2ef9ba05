import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { dayKey, partitionPrefix } from '../../core/keys.ts'
import { dsRange, parseDs, parseDt } from '../../core/time.ts'
import type { TableRef } from '../ports.ts'
import { diskError, errnoOf } from './disk-error.ts'

const PARQUET = '.parquet'

/** Paths of the Parquet files that hold a table, by day and name; see `TableRef` for which these are. */
export async function tableFiles(root: string, ref: TableRef): Promise<string[]> {
  const days = dsRange(parseDs(ref.dsFrom), parseDs(ref.dsTo))
  if (ref.dataset === 'station_status_live')
    throw new Error('station_status_live is no table: station_status covers it')
  if (ref.dataset === 'predictions') return batchFiles(join(root, 'inference'), ref, days)
  if (ref.dataset === 'monitoring_quality') return batchFiles(join(root, 'monitoring', 'quality'), ref, days)
  const files: string[] = []
  for (const ds of days) {
    if (ref.dataset === 'station_status') files.push(...(await statusFiles(root, ref, ds)))
    else files.push(...(await parquetFiles(join(root, partitionPrefix(ref.dataset, ref.city, ds)))))
  }
  return files
}

/** A compacted day's one file, else its live files that may hold what is asked for. */
async function statusFiles(root: string, ref: TableRef, ds: string): Promise<string[]> {
  // In this order: a compaction writes the day's file before it removes live ones, so that one of the two looks is whole.
  const live = await parquetFiles(join(root, partitionPrefix('station_status_live', ref.city, ds)))
  const day = join(root, dayKey('station_status', ref.city, ds))
  if ((await parquetFiles(dirname(day))).includes(day)) return [day]
  const { since = -Infinity, until = Infinity } = ref
  return live.filter((path) => {
    const at = parseDt(basename(path, PARQUET))
    return at === undefined || (at >= since && at <= until)
  })
}

/** All endpoints' files of a city and its days, batch by batch; an endpoint is a folder below `folder`. */
async function batchFiles(folder: string, ref: TableRef, days: readonly string[]): Promise<string[]> {
  const { since = -Infinity, until = Infinity } = ref
  const files: string[] = []
  for (const endpoint of await namesIn(folder)) {
    for (const ds of days) {
      const day = join(folder, endpoint, `city=${ref.city}`, `ds=${ds}`)
      for (const batch of await namesIn(day)) {
        const at = parseDt(batch.replace(/^dt=/, ''))
        if (at === undefined || (at >= since && at <= until))
          files.push(...(await parquetFiles(join(day, batch))))
      }
    }
  }
  return files
}

async function parquetFiles(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  return names.filter((name) => name.endsWith(PARQUET)).map((name) => join(folder, name))
}

/** Names in a folder in order; none when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return []
    throw diskError(error, 'Listing', folder)
  }
}

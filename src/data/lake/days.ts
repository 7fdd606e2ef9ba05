import { DATASETS, type Dataset } from '../../core/keys.ts'
import type { ObjectStore, TableRef } from '../../platform/ports.ts'

/** The UTC days (`ds`) of which a dataset has a partition, in order. */
export async function datasetDays(store: ObjectStore, dataset: Dataset, city: string): Promise<string[]> {
  const folders = await store.folders(`${DATASETS[dataset]}/city=${city}/`)
  return folders.filter((name) => name.startsWith('ds=')).map((name) => name.slice(3))
}

/** The days that have status, compacted or still open, in order. */
export async function statusDays(store: ObjectStore, city: string): Promise<string[]> {
  const [closed, open] = await Promise.all([
    datasetDays(store, 'station_status', city),
    datasetDays(store, 'station_status_live', city),
  ])
  return [...new Set([...closed, ...open])].sort()
}

/** The whole of a dataset as a table; undefined when it has no day. */
export async function wholeTable(
  store: ObjectStore,
  dataset: Dataset,
  city: string,
): Promise<TableRef | undefined> {
  const days =
    dataset === 'station_status' ? await statusDays(store, city) : await datasetDays(store, dataset, city)
  const [dsFrom, dsTo] = [days[0], days.at(-1)]
  return dsFrom === undefined || dsTo === undefined ? undefined : { dataset, city, dsFrom, dsTo }
}

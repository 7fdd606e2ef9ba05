import { TABLE_SCHEMAS, type TableColumn, type TableName } from '../../../core/contracts/tables.ts'
import { DATASETS } from '../../../core/keys.ts'

/** A dataset of the lake as a table of Glue: a folder of Parquet files, partitioned by what its path says. */
export interface PhysicalTable {
  readonly name: string
  readonly dataset: TableName
  /** Folder of the dataset in the lake, without a slash at its end. */
  readonly folder: string
  /** In the order of the folders. */
  readonly partitions: readonly PartitionName[]
  /** Columns of the files; what is a partition is taken from the path, which says the same. */
  readonly columns: readonly TableColumn[]
}

export type PartitionName = 'endpoint' | 'city' | 'ds'

/**
 * Tables of a dataset that is not its own: `station_status` is a view over closed days and, for days without one, their live
 * files.
 */
const NAMES: Partial<Record<TableName, string>> = { station_status: 'station_status_closed' }

/** Tables that have a file or more an endpoint and batch. */
const BATCH_FOLDERS: Partial<Record<TableName, string>> = {
  predictions: 'inference',
  monitoring_quality: 'monitoring/quality',
}

/** The table that holds a dataset's files. */
export function physicalTable(dataset: TableName): PhysicalTable {
  const batches = BATCH_FOLDERS[dataset]
  const partitions: readonly PartitionName[] = batches ? ['endpoint', 'city', 'ds'] : ['city', 'ds']
  const schema = TABLE_SCHEMAS[dataset]
  return {
    name: NAMES[dataset] ?? dataset,
    dataset,
    folder: batches ?? DATASETS[dataset as keyof typeof DATASETS],
    partitions,
    columns: schema.filter(({ name }) => !(partitions as readonly string[]).includes(name)),
  }
}

/** Every table, in the order of the datasets. */
export const PHYSICAL_TABLES: readonly PhysicalTable[] = (Object.keys(TABLE_SCHEMAS) as TableName[]).map(
  physicalTable,
)

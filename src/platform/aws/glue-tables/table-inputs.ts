import type { TableInput } from '@aws-sdk/client-glue'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import { type S3Location, uriOf } from '../s3-location.ts'
import { type PartitionName, PHYSICAL_TABLES, type PhysicalTable } from './physical-tables.ts'
import { type GlueView, HIVE_TYPES, viewInput } from './view-input.ts'

/** What the tables of a lake are made from. A lake has a database of its own. */
export interface GlueTableOptions {
  readonly database: string
  readonly location: S3Location
  /** Cities that the lake holds; as a rule one. */
  readonly cities: readonly string[]
  /** Endpoints whose predictions and quality it may hold. */
  readonly endpoints: readonly string[]
  /** The first day it may hold, as YYYY-MM-DD: each day from then on is a partition that a query without a day looks for. */
  readonly since: string
  /** The last day, of a lake that no feed fills any more; default: a month from the day of the query. */
  readonly until?: string
  /** Beside `station_status`, which is a view that is always there. */
  readonly views: readonly GlueView[]
}

/** Rows of features that are not checked yet stand under this name of a city for as long as that takes. */
const UNCHECKED = '.unchecked'
/** Weather is known ahead by up to 16 days. */
const DAYS_AHEAD = 31
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet'

/**
 * The tables and views of a lake, for Glue's CreateTable and UpdateTable and for CloudFormation alike. Partitions are
 * projected from the paths of the lake's keys, so none is ever registered, and a new day is there with its first file.
 */
export function glueTableInputs(options: GlueTableOptions): TableInput[] {
  return [
    ...PHYSICAL_TABLES.map((table) => tableInput(table, options)),
    viewInput(options.database, STATUS_VIEW),
    ...options.views.map((view) => viewInput(options.database, view)),
  ]
}

/** A closed day's one file; of a day without it, its live files. */
const STATUS_VIEW: GlueView = {
  name: 'station_status',
  sql: statusView(),
  columns: [
    ...TABLE_SCHEMAS.station_status,
    { name: 'city', type: 'VARCHAR' },
    { name: 'ds', type: 'VARCHAR' },
  ],
}

function statusView(): string {
  const names = [...TABLE_SCHEMAS.station_status.map(({ name }) => name), 'city', 'ds']
  return [
    `select ${names.join(', ')} from station_status_closed`,
    'union all',
    `select ${names.map((name) => `live.${name}`).join(', ')} from station_status_live as live`,
    'left join (select distinct city, ds from station_status_closed) as closed',
    'on closed.city = live.city and closed.ds = live.ds',
    'where closed.ds is null',
  ].join('\n')
}

function tableInput(table: PhysicalTable, options: GlueTableOptions): TableInput {
  const folder = uriOf(options.location, table.folder)
  return {
    Name: table.name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      ...projection(table, options),
      'storage.location.template': `${folder}/${table.partitions.map((name) => `${name}=\${${name}}`).join('/')}`,
    },
    PartitionKeys: table.partitions.map((name) => ({ Name: name, Type: 'string' })),
    StorageDescriptor: {
      Columns: table.columns.map(({ name, type }) => ({ Name: name, Type: HIVE_TYPES[type] })),
      Location: `${folder}/`,
      InputFormat: `${PARQUET}.MapredParquetInputFormat`,
      OutputFormat: `${PARQUET}.MapredParquetOutputFormat`,
      SerdeInfo: {
        SerializationLibrary: `${PARQUET}.serde.ParquetHiveSerDe`,
        Parameters: { 'serialization.format': '1' },
      },
    },
  }
}

/** Which values partitions may have, so that Athena need not ask Glue for a list of them. */
function projection(
  { partitions, dataset }: PhysicalTable,
  { cities, endpoints, since, until = `NOW+${DAYS_AHEAD}DAYS` }: GlueTableOptions,
): Record<string, string> {
  const named = dataset === 'features' ? [...cities, ...cities.map((city) => city + UNCHECKED)] : cities
  const values: Record<PartitionName, Record<string, string>> = {
    endpoint: { type: 'enum', values: endpoints.join(',') },
    city: { type: 'enum', values: named.join(',') },
    ds: { type: 'date', format: 'yyyy-MM-dd', range: `${since},${until}` },
  }
  const entries = partitions.flatMap((name) =>
    Object.entries(values[name]).map(([key, value]) => [`projection.${name}.${key}`, value] as const),
  )
  return { 'projection.enabled': 'true', ...Object.fromEntries(entries) }
}

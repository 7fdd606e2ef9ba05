import { TABLE_SCHEMAS, type TableName } from '../../../core/contracts/tables.ts'
import { dtOf } from '../../../core/time.ts'
import type { TableRef } from '../../ports.ts'
import { physicalTable } from '../glue-tables/physical-tables.ts'
import { TRINO_TYPES } from '../glue-tables/view-input.ts'
import { type S3Location, uriOf } from '../s3-location.ts'
import { identifier, literal, textLiteral } from './literals.ts'
import type { TableFile } from './table-files.ts'

/** The column by whose value the hint of a TableRef leaves rows out. */
const HINT_COLUMNS: Partial<Record<TableName, string>> = {
  station_status: 'last_updated',
  station_status_live: 'last_updated',
  predictions: 'slot',
  monitoring_quality: 'ends_at',
}

/**
 * The SELECT that is a table: the dataset's columns, from the partitions that have files and no other, so that Athena neither
 * lists nor reads the rest.
 */
export function tableSelect(
  ref: TableRef,
  files: readonly TableFile[],
  { database, location }: { readonly database: string; readonly location: S3Location },
): string {
  const columns = TABLE_SCHEMAS[ref.dataset]
  if (files.length === 0) {
    const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${TRINO_TYPES[type]}) AS ${identifier(name)}`)
    return `SELECT ${nulls.join(', ')} WHERE false`
  }
  const tables = [...new Set(files.map(({ table }) => table))]
  return tables
    .map((table) => {
      const own = files.filter((file) => file.table === table)
      const list = columns.map(({ name }) => identifier(name)).join(', ')
      const from = `${identifier(database)}.${identifier(physicalTable(table).name)}`
      const conditions = [...partitionConditions(ref, own), ...hintConditions(ref, table, location)]
      return `SELECT ${list} FROM ${from} WHERE ${conditions.join(' AND ')}`
    })
    .join('\nUNION ALL\n')
}

function partitionConditions(ref: TableRef, files: readonly TableFile[]): string[] {
  const endpoints = [...new Set(files.map(({ endpoint }) => endpoint))].filter((name) => name !== undefined)
  const days = [...new Set(files.map(({ ds }) => ds))].sort()
  return [
    ...(endpoints.length > 0 ? [`endpoint IN (${endpoints.map(textLiteral).join(', ')})`] : []),
    `city = ${textLiteral(ref.city)}`,
    `ds IN (${days.map(textLiteral).join(', ')})`,
  ]
}

function hintConditions(ref: TableRef, table: TableName, location: S3Location): string[] {
  const { since, until } = ref
  const column = HINT_COLUMNS[table]
  if (column === undefined) return []
  const bounds = (name: string, from: string | undefined, to: string | undefined): string[] => [
    ...(from === undefined ? [] : [`${name} >= ${from}`]),
    ...(to === undefined ? [] : [`${name} <= ${to}`]),
  ]
  const rows = bounds(
    identifier(column),
    since === undefined ? undefined : literal(since),
    until === undefined ? undefined : literal(until),
  )
  if (table !== 'station_status_live') return rows
  // A live file is called by the time of its snapshot: by its path it need not even be opened.
  const path = (dt: number, end: string): string => {
    const folder = uriOf(location, `${physicalTable(table).folder}/city=${ref.city}`)
    return textLiteral(`${folder}/ds=${dtOf(dt).slice(0, 10)}/${dtOf(dt)}${end}`)
  }
  const paths = bounds(
    identifier('$path'),
    since === undefined ? undefined : path(since, ''),
    until === undefined ? undefined : path(until, '.parquet'),
  )
  return [...rows, ...paths]
}

import type { ColumnInfo, Row } from '@aws-sdk/client-athena'
import type { NamedType, SqlValue } from '../../ports.ts'
import type { AthenaQueries } from './athena-queries.ts'
import { typeOf, valueOf } from './value-types.ts'

/** Columns and rows of a result by position. */
export interface Answer {
  readonly columns: readonly NamedType[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** All rows of a result, page by page. */
export async function readAnswer(queries: AthenaQueries, id: string): Promise<Answer> {
  let columns: readonly NamedType[] | undefined
  const rows: SqlValue[][] = []
  for await (const { ResultSetMetadata, Rows = [] } of queries.pages(id)) {
    const isFirst = columns === undefined
    const infos = ResultSetMetadata?.ColumnInfo ?? []
    const types = (columns ??= infos.map(typeOf))
    for (const row of isFirst ? withoutHeader(Rows, infos) : Rows)
      rows.push(types.map(({ type }, i) => valueOf(row.Data?.[i]?.VarCharValue, type)))
  }
  return { columns: columns ?? [], rows }
}

/** Columns of a result alone. */
export async function readColumns(queries: AthenaQueries, id: string): Promise<readonly NamedType[]> {
  for await (const { ResultSetMetadata } of queries.pages(id, 1))
    return (ResultSetMetadata?.ColumnInfo ?? []).map(typeOf)
  return []
}

/** The first row of a SELECT's result are its columns' names; other statements have none such. */
function withoutHeader(rows: readonly Row[], infos: readonly ColumnInfo[]): readonly Row[] {
  const isHeader = rows.length > 0 && infos.every(({ Name }, i) => rows[0]?.Data?.[i]?.VarCharValue === Name)
  return isHeader ? rows.slice(1) : rows
}

import type { NamedType } from '../../ports.ts'
import { identifier, textLiteral } from './literals.ts'

/** One row a column of a query's result: least and greatest value as text, different values about, rows, and share of nulls. */
export function summarySql(sql: string, columns: readonly NamedType[]): string {
  const rows = columns.map(({ name, type }, i) => {
    const column = identifier(name)
    const figures = [
      `CAST(min(${column}) AS varchar) AS min`,
      `CAST(max(${column}) AS varchar) AS max`,
      `approx_distinct(${column}) AS approx_unique`,
      'count(*) AS count',
      `CASE WHEN count(*) > 0 THEN 1e2 * (count(*) - count(${column})) / count(*) END AS null_percentage`,
    ]
    const named = [
      `${i} AS position`,
      `${textLiteral(name)} AS column_name`,
      `${textLiteral(type)} AS column_type`,
    ]
    return `SELECT ${[...named, ...figures].join(', ')} FROM summarized`
  })
  const list = 'column_name, column_type, min, max, approx_unique, count, null_percentage'
  return `WITH summarized AS (\n${sql}\n), figures AS (\n${rows.join('\nUNION ALL\n')}\n)\nSELECT ${list} FROM figures ORDER BY position`
}

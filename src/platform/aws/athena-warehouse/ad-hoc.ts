import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { QueryResult, QueryTable, TableRef } from '../../ports.ts'
import { physicalTable } from '../glue-tables/physical-tables.ts'
import type { AthenaQueries } from './athena-queries.ts'
import type { LakeQueries, LakeQuery } from './lake-queries.ts'
import { type Answer, readAnswer } from './query-results.ts'
import { meaningful, plainSql, type SqlToken, sqlTokens } from './sql-tokens.ts'
import { summarySql } from './summary.ts'

type Tables = Readonly<Record<string, QueryTable>>

/** What a person's statement needs. */
export interface AdHocParts {
  readonly queries: AthenaQueries
  readonly lakeQueries: LakeQueries
  readonly database: string
}

const READ_ONLY = /^\(*\s*(select|with|from|values|table|describe|desc|show|summarize|explain)\b/i
/** EXPLAIN ANALYZE runs what it explains; plain EXPLAIN of a query does not. */
const EXPLAINED = /^explain\s+(select|with|from|values)\b/i
const NAME = 'query'

/** Runs one statement of a person over tables of the lake; see `Warehouse.query`. */
export async function runAdHoc(sql: string, tables: Tables, parts: AdHocParts): Promise<QueryResult> {
  const text = readOnlyText(sql)
  const explained = /^explain\s+/i.exec(text)?.[0] ?? ''
  const query = inFull(text.slice(explained.length), tables)
  if (query === undefined) return tableNames(tables)
  try {
    await checkReach(query, tables, parts)
    if (/^(desc|describe)\s/i.test(text))
      return await describeQuery({ name: NAME, sql: query, tables }, parts)
    if (/^summarize\s/i.test(text)) {
      const { rows } = await describeQuery({ name: NAME, sql: query, tables }, parts)
      const columns = rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
      return await answerOf({ name: NAME, sql: summarySql(query, columns), tables }, parts)
    }
    return await answerOf({ name: NAME, sql: query, tables }, parts, (full) => `${explained}${full}`)
  } catch (error) {
    throw asBadInput(error)
  }
}

/** Columns of a query's result, as DuckDB's DESCRIBE gives them. */
export async function describeQuery(query: LakeQuery, parts: AdHocParts): Promise<QueryResult> {
  const sql = `SELECT * FROM (\n${query.sql}\n) AS described LIMIT 0`
  const { columns } = await answerOf({ ...query, sql }, parts)
  return {
    columns: [
      { name: 'column_name', type: 'VARCHAR' },
      { name: 'column_type', type: 'VARCHAR' },
    ],
    rows: columns.map(({ name, type }) => [name, type]),
  }
}

async function answerOf(
  query: LakeQuery,
  { lakeQueries, queries }: AdHocParts,
  wrap?: (sql: string) => string,
): Promise<Answer> {
  const { id } = await lakeQueries.run(query, wrap)
  return readAnswer(queries, id)
}

/** The one statement of a text, if it only reads. */
function readOnlyText(sql: string): string {
  const text = plainSql(sql)
  if (text === '') throw refused('it is empty')
  const ends = meaningful(sqlTokens(text)).filter((token) => token.kind === 'symbol' && token.text === ';')
  if (ends.length > 0) throw refused(`it holds ${ends.length + 1} statements`)
  if (!READ_ONLY.test(text) || (/^explain\b/i.test(text) && !EXPLAINED.test(text)))
    throw refused('it is none that only reads')
  if (/^show\b/i.test(text) && !/^show\s+tables$/i.test(text))
    throw refused('of SHOW only SHOW TABLES is known')
  return text
}

/** DuckDB's short forms as queries that any engine takes; undefined for the list of tables. */
function inFull(text: string, tables: Tables): string | undefined {
  if (/^show\s/i.test(text)) return undefined
  const described = /^(?:desc|describe|summarize)\s+([\s\S]*)$/i.exec(text)?.[1]?.trim()
  if (described !== undefined)
    return described.toLowerCase() in lowerCased(tables) ? `SELECT * FROM ${described}` : described
  return /^(from)\s/i.test(text) ? `SELECT * ${text}` : text
}

const lowerCased = (tables: Tables): Record<string, true> =>
  Object.fromEntries(Object.keys(tables).map((name) => [name.toLowerCase(), true]))

function tableNames(tables: Tables): QueryResult {
  return {
    columns: [{ name: 'name', type: 'VARCHAR' }],
    rows: Object.keys(tables)
      .sort()
      .map((name) => [name]),
  }
}

/** What EXPLAIN (TYPE IO) says of the tables that a query reads. */
interface Reads {
  readonly inputTableColumnInfos?: readonly {
    readonly table: { readonly schemaTable: { readonly schema: string; readonly table: string } }
  }[]
}

/** A query that names the database by itself, or that Athena says reads other tables than those it was given, is refused. */
async function checkReach(sql: string, tables: Tables, parts: AdHocParts): Promise<void> {
  const tokens = meaningful(sqlTokens(sql))
  const own = tokens.find((token, i) => isNamed(token, parts.database) && tokens[i + 1]?.text === '.')
  if (own) throw refused(`${own.text} is not a table that it was given`)
  const allowed = new Set(
    Object.values(tables)
      .filter((table): table is TableRef => !('sql' in table))
      .flatMap((ref) => tablesOf(ref)),
  )
  const explain = (full: string): string => `EXPLAIN (TYPE IO, FORMAT JSON)\n${full}`
  const { rows } = await answerOf({ name: NAME, sql, tables }, parts, explain)
  const { inputTableColumnInfos = [] } = JSON.parse(rows.map(([line]) => String(line)).join('\n')) as Reads
  for (const { table } of inputTableColumnInfos) {
    const { schema, table: name } = table.schemaTable
    if (schema !== parts.database || !allowed.has(name))
      throw refused(`${schema}.${name} is not a table that it was given`)
  }
}

const tablesOf = ({ dataset }: TableRef): string[] =>
  dataset === 'station_status'
    ? [physicalTable('station_status').name, physicalTable('station_status_live').name]
    : [physicalTable(dataset).name]

const isNamed = ({ kind, text }: SqlToken, name: string): boolean =>
  (kind === 'word' && text.toLowerCase() === name.toLowerCase()) ||
  (kind === 'quoted' && text.slice(1, -1).toLowerCase() === name.toLowerCase())

function refused(reason: string): OperatorError {
  return new OperatorError(
    'BAD_INPUT',
    `The query is refused: ${reason}`,
    'Give one statement over the tables of the lake that begins with SELECT, WITH, FROM, DESCRIBE, SHOW TABLES, SUMMARIZE or EXPLAIN.',
  )
}

/** A statement that fails is the person's; what keeps Athena from answering is not. */
function asBadInput(error: unknown): unknown {
  if (error instanceof OperatorError) return error
  return new OperatorError(
    'BAD_INPUT',
    `The query failed: ${messageOf(error)}`,
    'A query reads tables of the lake, in the SQL of Athena; files of its own are not allowed.',
    error,
  )
}

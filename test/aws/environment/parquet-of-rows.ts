import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { resultCsv } from './athena-values.ts'
import type { TrinoColumn } from './trino-client.ts'

/** Rows of text as a Parquet file with the types that Trino said. */
export async function parquetOfRows(
  columns: readonly TrinoColumn[],
  rows: readonly (readonly (string | null)[])[],
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-unload-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    const names = columns.map((_, i) => `c${i}`)
    await writeFile(join(folder, 'rows.csv'), resultCsv(names, rows))
    const list = columns.map(
      ({ name, type }, i) => `CAST(c${i} AS ${type.replace(/^varchar\(\d+\)$/, 'varchar')}) AS "${name}"`,
    )
    const types = names.map((name) => `${name}: 'VARCHAR'`).join(', ')
    const csv = `read_csv('${join(folder, 'rows.csv')}', header = true, columns = {${types}}, nullstr = '', allow_quoted_nulls = false, parallel = false, quote = '"', escape = '"', delim = ',', max_line_size = 16000000)`
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT ${list.join(', ')} FROM ${csv}) TO '${join(folder, 'rows.parquet')}' (FORMAT parquet)`,
    )
    connection.closeSync()
    return await readFile(join(folder, 'rows.parquet'))
  } finally {
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  }
}

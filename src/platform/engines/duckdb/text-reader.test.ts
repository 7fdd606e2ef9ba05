import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from './engine.ts'
import { columnsToParquet } from './parquet.ts'
import { streamBatches } from './statement.ts'

describe('texts of a result', () => {
  let folder: string
  let engine: Engine
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-'))
    engine = await openEngine({ tempFolder: join(folder, 'temp'), memoryLimit: '500MB', threads: 2 })
  })
  afterAll(async () => {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function using<T>(action: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await engine.connect()
    try {
      return await action(connection)
    } finally {
      connection.closeSync()
    }
  }

  async function texts(connection: DuckDBConnection, sql: string): Promise<unknown[]> {
    const all: unknown[] = []
    for await (const batch of streamBatches(connection, sql))
      all.push(...Array.from(batch.columns['s'] ?? []))
    return all
  }

  it('are what they were, short and long and none, once or often, in any order', async () => {
    const path = join(folder, 'texts.parquet')
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 14 }),
      fc.string({ unit: 'grapheme', minLength: 10, maxLength: 300 }),
      fc.constantFrom(null, 'exactly 12 b', 'exactly 13 by', 'é'.repeat(6), `${'é'.repeat(6)}!`),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 120 }),
        async (some, times) => {
          const values = Array.from({ length: times }, () => some).flat()
          const backwards = values.toReversed()
          await using(async (connection) => {
            const i = { name: 'i', type: 'BIGINT', values: values.map((_, row) => row) } as const
            await columnsToParquet(connection, [i, { name: 's', type: 'VARCHAR', values }], path)
            expect(await texts(connection, `SELECT s FROM '${path}' ORDER BY i`)).toEqual(values)
            expect(await texts(connection, `SELECT s FROM '${path}' ORDER BY i DESC`)).toEqual(backwards)
            expect(await texts(connection, `SELECT s || s AS s FROM '${path}'`)).toEqual(
              values.map((value) => (value === null ? null : value + value)),
            )
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  it('may be longer than what is fetched at once', async () => {
    const lengths = [3_000_000, 20, 1_048_576, 14]
    const sql = `SELECT repeat('ab', n) AS s FROM (VALUES ${lengths.map((n) => `(${n / 2})`).join(', ')}) AS t(n)`
    const found = await using((connection) => texts(connection, sql))
    expect(found.map((text) => String(text).length)).toEqual(lengths)
    expect(found.every((text) => /^(ab)+$/.test(String(text)))).toBe(true)
  })
})

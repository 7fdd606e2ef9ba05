import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/core/hash.ts'
import { dayKey } from '../../../src/core/keys.ts'
import {
  collect,
  DAY,
  MIDNIGHT,
  type OpenWarehouse,
  putStatus,
  refusedAs,
  status,
  wholeNumbers,
} from './subject.ts'

/** Parquet files written, and files from outside read. */
export function fileSuite(opened: () => OpenWarehouse): void {
  describe('files', () => {
    const value = {
      VARCHAR: fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.constantFrom('', 'a\u0000b and then some more', "it's"),
      ),
      BIGINT: fc.maxSafeInteger(),
      INTEGER: fc.integer(),
      SMALLINT: fc.integer({ min: -32_768, max: 32_767 }),
      DOUBLE: fc.double({ noNaN: true }),
      FLOAT: fc.float({ noNaN: true }),
      BOOLEAN: fc.boolean(),
    } as const

    it('give back every value that was written', async () => {
      const types = Object.keys(value) as (keyof typeof value)[]
      const row = fc.tuple(
        ...types.map((type) =>
          fc.option(value[type] as fc.Arbitrary<string | number | boolean>, { freq: 4 }),
        ),
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { maxLength: 70 }),
          fc.integer({ min: 1, max: 80 }),
          async (rows, times) => {
            const all = Array.from({ length: times }, () => rows).flat()
            const columns = types.map((type, i) => ({
              name: type.toLowerCase(),
              type,
              values: all.map((r) => r[i] ?? null),
            }))
            const written = await opened().warehouse.writeRows('files/all.parquet', columns)
            expect(written.rows).toBe(all.length)
            const back = (
              await collect(opened().warehouse.scanFile(await outsideCopy('files/all.parquet')))
            ).flatMap((batch) =>
              Array.from({ length: batch.rows }, (_, i) =>
                types.map((type) => batch.columns[type.toLowerCase()]?.[i]),
              ),
            )
            expect(back).toEqual(
              all.map((r) =>
                types.map((type, i) => r[i] ?? (type === 'FLOAT' || type === 'DOUBLE' ? Number.NaN : null)),
              ),
            )
          },
        ),
        { numRuns: 25 },
      )
    })

    async function outsideCopy(key: string, as = 'copy.parquet'): Promise<string> {
      const path = join(opened().outside, as)
      await writeFile(path, (await opened().store.get(key))?.body ?? '')
      return path
    }

    it('are the same bytes for the same rows, in the order asked for', async () => {
      const statement = {
        name: 'w',
        sql: `SELECT i % 7 AS k, i, CAST(i / 3e0 AS REAL) AS f FROM ${wholeNumbers(3)} ORDER BY k, i DESC; -- sorted`,
      }
      const first = await opened().warehouse.write(
        { ...statement, sql: statement.sql.replace('; -- sorted', ';') },
        'files/one.parquet',
      )
      const second = await opened().warehouse.write(
        { ...statement, sql: statement.sql.replace('; -- sorted', '') },
        'files/two.parquet',
      )
      const body = (await opened().store.get('files/one.parquet'))?.body ?? new Uint8Array()
      expect(first).toEqual({
        key: 'files/one.parquet',
        rows: 1000,
        bytes: body.length,
        sha256: sha256(body),
      })
      expect(second.sha256).toBe(first.sha256)
      const [batch] = await collect(opened().warehouse.scanFile(await outsideCopy('files/one.parquet')))
      expect(Array.from(batch?.columns['i'] ?? []).slice(0, 3)).toEqual([994, 987, 980])
    })

    it('are written from a statement with parameters and tables', async () => {
      await putStatus(opened().warehouse, dayKey('station_status', 'w', DAY), [
        [MIDNIGHT, 'a', 1],
        [MIDNIGHT + 1, 'a', 2],
      ])
      const sql = 'SELECT station_id, num_bikes_available AS n FROM t WHERE last_updated >= $from'
      const written = await opened().warehouse.write(
        { name: 'w', sql, tables: { t: status('w') }, params: { from: MIDNIGHT + 1 } },
        'files/p.parquet',
      )
      expect(written.rows).toBe(1)
    })

    it.each([
      ['INTEGER', 1.5],
      ['INTEGER', 3_000_000_000],
      ['SMALLINT', -32_769],
      ['BIGINT', 2 ** 53],
      ['BIGINT', Number.NaN],
      ['VARCHAR', 1],
      ['BOOLEAN', 1],
      ['DOUBLE', '1'],
    ] as const)('refuse in a column of %s the value %s, and then nothing is written', async (type, bad) => {
      const columns = [{ name: 'c', type, values: [null, bad] }]
      await expect(opened().warehouse.writeRows('files/bad.parquet', columns)).rejects.toSatisfy(
        refusedAs('BAD_INPUT', new RegExp(`row 1 of column "c".*${type}`)),
      )
      expect(await opened().store.get('files/bad.parquet')).toBeUndefined()
    })

    it('outside the lake are described and scanned, with times as epoch seconds', async () => {
      const path = join(opened().outside, 'some.csv')
      await writeFile(
        path,
        'id,at,seen,n,yes\n007,2024-03-12T01:00:00+01:00,1710201600,3,1\n008,2024-03-12 00:00:05,2024-03-12T00:00:00Z,2.5,x\n',
      )
      expect((await opened().warehouse.describeFile(path)).map((column) => column.name)).toEqual([
        'id',
        'at',
        'seen',
        'n',
        'yes',
      ])
      const [batch] = await collect(
        opened().warehouse.scanFile(path, {
          n: 'INTEGER',
          id: 'VARCHAR',
          at: 'EPOCH',
          seen: 'EPOCH',
          yes: 'BOOLEAN',
        }),
      )
      expect(batch?.columns).toEqual({
        n: [3, null],
        id: ['007', '008'],
        at: Float64Array.of(MIDNIGHT, MIDNIGHT + 5),
        seen: Float64Array.of(1_710_201_600, MIDNIGHT),
        yes: [true, null],
      })
      await expect(
        collect(opened().warehouse.scanFile(path, { m: 'INTEGER', id: 'VARCHAR' })),
      ).rejects.toSatisfy(refusedAs('BAD_INPUT', /some\.csv lacks the column m.*id, at, seen, n, yes/))
    })

    it('outside the lake are refused when they are missing, damaged or something else', async () => {
      const damaged = join(opened().outside, 'damaged.parquet')
      await writeFile(damaged, 'PAR1 but no more')
      const other = join(opened().outside, 'other.xlsx')
      await writeFile(other, '')
      const cases = [
        [join(opened().outside, 'none.parquet'), refusedAs('NOT_FOUND', /none\.parquet/)],
        [damaged, refusedAs('BAD_INPUT', /damaged\.parquet cannot be read/)],
        [other, refusedAs('BAD_INPUT', /other\.xlsx.*\.csv/)],
      ] as const
      for (const [path, expected] of cases) {
        await expect(opened().warehouse.describeFile(path)).rejects.toSatisfy(expected)
        await expect(collect(opened().warehouse.scanFile(path))).rejects.toSatisfy(expected)
      }
    })
  })
}

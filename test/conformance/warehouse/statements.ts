import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../../src/core/errors.ts'
import { ask, collect, DAY, MIDNIGHT, type OpenWarehouse, wholeNumbers } from './subject.ts'

/** How statements take parameters and give results. */
export function statementSuite(opened: () => OpenWarehouse): void {
  describe('statements', () => {
    it('take the parameters they mention, whatever else is given', async () => {
      const sql = "SELECT $whole + 1 AS a, $part AS b, $text || '!' AS c, $whole AS d"
      const rows = await opened().warehouse.rows({
        name: 'p',
        sql,
        params: { whole: MIDNIGHT, part: 0.5, text: "O'Hare", unused: null },
      })
      expect(rows).toEqual([{ a: MIDNIGHT + 1, b: 0.5, c: "O'Hare!", d: MIDNIGHT }])
    })

    it('treat a parameter without a value as a bug', async () => {
      const attempt = ask(opened().warehouse, 'SELECT $missing AS a', {}, { other: 1 })
      await expect(attempt).rejects.toThrow(/"asked".*\$missing/)
      await expect(attempt).rejects.toSatisfy((error) => !isOperatorError(error))
    })

    it('answer in plain numbers, texts, booleans and nulls', async () => {
      const sql = `SELECT CAST(9007199254740991 AS BIGINT) AS big, -1 AS small, sum(x) AS hugeint, CAST(1.25 AS DECIMAL(9, 2)) AS dec,
        CAST(0.1 AS REAL) AS f, true AS yes, CAST(NULL AS REAL) AS no_f, CAST(NULL AS VARCHAR) AS no_t, count(*) AS n,
        TIMESTAMP '2024-03-12 00:00:01' AS at, DATE '2024-03-12' AS day
        FROM (VALUES (CAST(1 AS BIGINT)), (2)) AS t(x)`
      expect(await ask(opened().warehouse, sql)).toEqual([
        {
          big: 9_007_199_254_740_991,
          small: -1,
          hugeint: 3,
          dec: 1.25,
          f: Math.fround(0.1),
          yes: true,
          no_f: null,
          no_t: null,
          n: 2,
          at: MIDNIGHT + 1,
          day: DAY,
        },
      ])
    })

    it('stream numbers in typed arrays, with NaN for a null of FLOAT and DOUBLE', async () => {
      const sql = `SELECT CAST(i AS REAL) AS f, CAST(nullif(i, 1) AS DOUBLE) AS d, CAST(i AS INTEGER) AS n, CAST(i AS BIGINT) AS b,
        CAST(nullif(i, 1) AS BIGINT) AS b_null, i > 0 AS yes, CAST(i AS VARCHAR) AS t FROM (VALUES (0), (1), (2)) AS r(i) ORDER BY i`
      const [batch] = await collect(opened().warehouse.stream({ name: 's', sql }))
      expect(batch).toEqual({
        rows: 3,
        columns: {
          f: Float32Array.of(0, 1, 2),
          d: Float64Array.of(0, Number.NaN, 2),
          n: Int32Array.of(0, 1, 2),
          b: Float64Array.of(0, 1, 2),
          b_null: [0, null, 2],
          yes: [false, true, true],
          t: ['0', '1', '2'],
        },
      })
    })

    it('stream every row in order, and may be left in the middle', async () => {
      const statement = {
        name: 's',
        sql: `SELECT i, 'station number ' || CAST(i AS VARCHAR) AS long FROM ${wholeNumbers(5)} ORDER BY i`,
      }
      let at = 0
      for await (const batch of opened().warehouse.stream(statement))
        for (let row = 0; row < batch.rows; row += 1, at += 1)
          if (batch.columns['i']?.[row] !== at || batch.columns['long']?.[row] !== `station number ${at}`)
            expect.fail(`row ${at}`)
      expect(at).toBe(100_000)
      for (let i = 0; i < 5; i += 1)
        for await (const batch of opened().warehouse.stream(statement)) {
          expect(batch.rows).toBeGreaterThan(0)
          break
        }
      expect(await ask(opened().warehouse, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    })
  })
}

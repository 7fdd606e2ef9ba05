import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayKey } from '../../../src/core/keys.ts'
import { DAY, MIDNIGHT, type OpenWarehouse, putStatus, refusedAs, status } from './subject.ts'

/** What a person may ask, and what not. */
export function querySuite(opened: () => OpenWarehouse): void {
  describe('ad-hoc queries', () => {
    const tables = {
      status: status('q'),
      newest: { sql: 'SELECT station_id, max(last_updated) AS at FROM status GROUP BY station_id' },
    }
    beforeAll(async () => {
      await putStatus(opened().warehouse, dayKey('station_status', 'q', DAY), [
        [MIDNIGHT, 'a', 1],
        [MIDNIGHT + 60, 'a', 2],
      ])
    })

    it('read tables and the views over them', async () => {
      expect(
        await opened().warehouse.query('-- all\nSELECT n.*, 1.5 AS x, null AS y FROM newest AS n;', tables),
      ).toEqual({
        columns: [
          { name: 'station_id', type: 'VARCHAR' },
          { name: 'at', type: 'BIGINT' },
          { name: 'x', type: 'DECIMAL(2,1)' },
          { name: 'y', type: 'INTEGER' },
        ],
        rows: [['a', MIDNIGHT + 60, 1.5, null]],
      })
      for (const sql of [
        'DESCRIBE newest',
        'SHOW TABLES',
        'EXPLAIN SELECT * FROM newest',
        'SUMMARIZE status',
        'FROM newest',
        '(SELECT 1)',
        '/* a */ WITH x AS (SELECT 1) SELECT * FROM x',
      ])
        expect([sql, (await opened().warehouse.query(sql, tables)).rows.length]).not.toEqual([sql, 0])
    })

    it('give two columns of one name both', async () => {
      expect((await opened().warehouse.query('SELECT 1 AS a, 2 AS a', {})).rows).toEqual([[1, 2]])
    })

    it('reach no file of their own', async () => {
      const secret = join(opened().outside, 'secret.csv')
      await writeFile(secret, 'a\nsecret\n')
      for (const from of [
        `read_csv('${secret}')`,
        `'${secret}'`,
        `read_text('${secret}')`,
        "read_csv('/etc/passwd')",
        "glob('/etc/*')",
        `parquet_metadata('${secret}')`,
        `read_blob('${secret}')`,
      ])
        await expect(opened().warehouse.query(`SELECT * FROM ${from}`, tables)).rejects.toSatisfy(
          refusedAs('BAD_INPUT', /disabled|Permission|not allowed/i),
        )
    })

    it('change nothing', async () => {
      const key = dayKey('station_status', 'q', DAY)
      const before = (await opened().store.get(key))?.etag
      const path = join(opened().outside, 'out.parquet')
      const statements = [
        `COPY (SELECT 1) TO '${path}'`,
        `EXPLAIN ANALYZE COPY (SELECT 1) TO '${path}'`,
        `EXPLAIN (ANALYZE) COPY (SELECT 1) TO '${path}'`,
        `EXPLAIN COPY (SELECT 1) TO '${path}'`,
        'CREATE TABLE x AS SELECT 1',
        'DROP VIEW status',
        'INSERT INTO status SELECT * FROM status',
        'SET enable_external_access = true',
        'PRAGMA database_list',
        `ATTACH '${path}'`,
        'INSTALL httpfs',
        'SELECT 1; SELECT 2',
        `EXPORT DATABASE '${opened().outside}'`,
        'CALL pragma_version()',
        'VACUUM',
        '',
      ]
      for (const sql of statements)
        await expect(opened().warehouse.query(sql, tables)).rejects.toSatisfy(
          refusedAs('BAD_INPUT', /refused/),
        )
      expect((await opened().store.get(key))?.etag).toBe(before)
      await expect(opened().warehouse.describeFile(path)).rejects.toSatisfy(
        refusedAs('NOT_FOUND', /out\.parquet/),
      )
    })

    it('say what is wrong with them', async () => {
      await expect(opened().warehouse.query('SELECT nothing FROM newest', tables)).rejects.toSatisfy(
        refusedAs('BAD_INPUT', /nothing/),
      )
      await expect(opened().warehouse.query('SELEC 1', tables)).rejects.toSatisfy(
        refusedAs('BAD_INPUT', /SELEC/),
      )
    })
  })
}

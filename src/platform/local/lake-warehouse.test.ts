import { renameSync, unlinkSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { dayKey, liveStatusKey } from '../../core/keys.ts'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import type { Column, Warehouse } from '../ports.ts'
import { openDirectoryStore } from './directory-store.ts'
import { openLakeWarehouse } from './lake-warehouse.ts'

const DAY = '2024-03-12'
const MIDNIGHT = Date.parse(`${DAY}T00:00:00Z`) / 1000

function statusRows(times: readonly number[]): Column[] {
  return TABLE_SCHEMAS.station_status.map(({ name, type }) => ({
    name,
    type,
    values: times.map((at) => (name === 'last_updated' ? at : name === 'station_id' ? 's' : null)),
  }))
}

describe('the warehouse over a directory', () => {
  let root: string
  let open: Warehouse[]
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
    open = []
  })
  afterEach(async () => {
    await Promise.all(open.map((warehouse) => warehouse.close()))
    await rm(root, { recursive: true, force: true })
  })

  async function warehouse(threads: number, folder = root): Promise<Warehouse> {
    const opened = await openLakeWarehouse({ root: folder, threads, memoryLimit: '500MB' })
    open.push(opened)
    return opened
  }

  const countOf = async (from: Warehouse, city: string): Promise<unknown> => {
    const tables = { t: { dataset: 'station_status', city, dsFrom: DAY, dsTo: DAY } } as const
    return (await from.rows({ name: 'count', sql: 'SELECT count(*) AS n FROM t', tables }))[0]
  }

  it('writes the same bytes with one thread and with several, whichever runs first', async () => {
    const sql = `SELECT hash(i) % 997 AS k, i, 'station ' || (i % 2000) AS s, CAST(hash(i) % 100 / 7.0 AS FLOAT) AS f
      FROM range(260000) AS t(i) ORDER BY k, i`
    const columns: Column[] = [
      { name: 'i', type: 'BIGINT', values: Array.from({ length: 260_000 }, (_, i) => (i * 7919) % 100_003) },
      {
        name: 's',
        type: 'VARCHAR',
        values: Array.from({ length: 260_000 }, (_, i) => `station number ${i % 999}`),
      },
    ]
    const hashes: Record<'statement' | 'columns', string[]> = { statement: [], columns: [] }
    for (const threads of [1, 2, 4]) {
      const one = await warehouse(threads)
      hashes.statement.push((await one.write({ name: 'w', sql }, 'x.parquet')).sha256)
      hashes.columns.push((await one.writeRows('x.parquet', columns)).sha256)
    }
    expect(new Set(hashes.statement).size).toBe(1)
    expect(new Set(hashes.columns).size).toBe(1)
  })

  it('works in a folder whatever its name', async () => {
    const folder = join(root, "it's [odd]*? ü")
    await mkdir(folder)
    const odd = await warehouse(1, folder)
    await odd.writeRows(dayKey('station_status', 'c', DAY), statusRows([MIDNIGHT]))
    expect(await countOf(odd, 'c')).toEqual({ n: 1 })
  })

  it('sees a day whole, even when it is compacted between the listing and the reading of its files', async () => {
    const from = await warehouse(2)
    const times = Array.from({ length: 6 }, (_, i) => MIDNIGHT + i * 60)
    const path = (key: string): string => join(root, key)
    for (let moment = 0; moment < 10; moment += 1) {
      const city = `c${moment}`
      for (const at of times) await from.writeRows(liveStatusKey(city, at), statusRows([at]))
      await from.writeRows(dayKey('station_status', `${city}-ready`, DAY), statusRows(times))
      const reading = countOf(from, city)
      // A later moment of the reading in every round; a look at a file takes about as long as one of its own steps.
      for (let i = 0; i < moment; i += 1) await stat(root)
      renameSync(
        path(`curated/station_status/city=${city}-ready`),
        path(`curated/station_status/city=${city}`),
      )
      for (const at of times) unlinkSync(path(liveStatusKey(city, at)))
      expect(await reading).toEqual({ n: 6 })
    }
  })

  it('opens no live file outside the times hinted at', async () => {
    const from = await warehouse(1)
    for (const at of [MIDNIGHT, MIDNIGHT + 60]) await from.writeRows(liveStatusKey('c', at), statusRows([at]))
    await openDirectoryStore(root).put(liveStatusKey('c', MIDNIGHT + 120), 'damaged')
    const t = { dataset: 'station_status', city: 'c', dsFrom: DAY, dsTo: DAY } as const
    const sql = 'SELECT count(*) AS n FROM t'
    const hinted = { ...t, since: MIDNIGHT + 1, until: MIDNIGHT + 119 }
    expect(await from.rows({ name: 'q', sql, tables: { t: hinted } })).toEqual([{ n: 1 }])
    await expect(from.rows({ name: 'q', sql, tables: { t } })).rejects.toSatisfy((error) =>
      isOperatorError(error, 'CORRUPT'),
    )
  })

  it('leaves nothing in the temp folder, also after a query that needed the disk', async () => {
    const from = await openLakeWarehouse({ root, threads: 1, memoryLimit: '40MB' })
    const sql = 'SELECT hash(i) AS h, i, i + 1 AS j FROM range(1500000) AS t(i) ORDER BY h'
    await from.write({ name: 'spills', sql }, 'sorted.parquet')
    await from.query('SELECT 1', {})
    expect((await readdir(join(root, '.tmp'))).every((name) => name.startsWith(`${process.pid}-`))).toBe(true)
    await from.close()
    expect(await readdir(join(root, '.tmp'))).toEqual([])
  })

  it('says what to do when its settings cannot be taken or memory runs out', async () => {
    const unavailable = (error: unknown): boolean =>
      isOperatorError(error, 'UNAVAILABLE') && /memory/.test(`${error.hint}`)
    await expect(openLakeWarehouse({ root, memoryLimit: 'plenty' })).rejects.toSatisfy(unavailable)
    const small = await openLakeWarehouse({ root, threads: 1, memoryLimit: '20MB' })
    open.push(small)
    const sql =
      'SELECT max(len(l)) AS n FROM (SELECT list(i) AS l FROM range(20000000) AS t(i) GROUP BY i % 2)'
    await expect(small.rows({ name: 'large', sql })).rejects.toSatisfy(unavailable)
  })
})

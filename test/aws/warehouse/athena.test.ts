import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dayKey, liveStatusKey, predictionsKey } from '../../../src/core/keys.ts'
import { ensureGlueTables } from '../../../src/platform/aws/glue-tables/ensure-glue-tables.ts'
import type { TableRef } from '../../../src/platform/ports.ts'
import { columnsOf, MIDNIGHT, putStatus } from '../../conformance/warehouse/subject.ts'
import { motoUrl } from '../environment/bucket.ts'
import { REGION } from '../environment/environment.ts'
import { type AthenaLake, hasTrino, openAthenaLake } from '../environment/open-warehouse.ts'
import { refusal } from '../environment/refusal.ts'

const DAYS = ['2024-03-12', '2024-03-13', '2024-03-14'] as const
const CITY = 'c'
const status = (dsFrom: string, dsTo = dsFrom): TableRef => ({
  dataset: 'station_status',
  city: CITY,
  dsFrom,
  dsTo,
})
const SLOW = `SELECT count(*) AS n FROM ${Array.from({ length: 9 }, (_, i) => `(VALUES ${Array.from({ length: 10 }, (__, x) => `(${x})`).join(',')}) AS t${i}(x${i})`).join(' CROSS JOIN ')}`

describe.skipIf(!hasTrino())('a warehouse on Athena', () => {
  let lake: AthenaLake
  beforeAll(async () => {
    lake = await openAthenaLake([CITY])
    for (const [i, ds] of DAYS.entries())
      await putStatus(
        lake.warehouse,
        dayKey('station_status', CITY, ds),
        Array.from({ length: 500 }, (_, n) => [MIDNIGHT + i * 86_400 + n, `s${n % 7}`, n % 20] as const),
      )
  })
  afterAll(() => lake?.close())
  beforeEach(() => {
    lake.front.calls.length = 0
  })
  afterEach(() => {
    lake.front.faults.length = 0
    lake.front.workgroups.clear()
    lake.front.workgroups.set('primary', {})
  })

  const count = (ref: TableRef, sql = 'SELECT count(*) AS n, max(num_bikes_available) AS most FROM t') =>
    lake.warehouse.rows<{ n: number }>({ name: 'counted', sql, tables: { t: ref } })
  const sizeOf = async (key: string): Promise<number> => (await lake.store.get(key))?.body.length ?? 0

  it('scans the partitions that a query needs, and no other', async () => {
    const before = lake.front.executions().length
    const star = 'SELECT count(DISTINCT station_id) AS n, sum(last_updated + num_bikes_available) AS s FROM t'
    await count(status(DAYS[1]), star)
    await count(status(DAYS[0], DAYS[2]), star)
    const [one = 0, three = 0] = lake.front
      .executions()
      .slice(before)
      .map(({ bytesScanned }) => bytesScanned)
    expect(one).toBeGreaterThan(0)
    expect(one).toBeLessThanOrEqual(await sizeOf(dayKey('station_status', CITY, DAYS[1])))
    expect(three).toBeGreaterThan(2 * one)
    const [plan] = await lake.explain(lake.front.executions().at(before)?.sql ?? '')
    expect(plan).toMatch(/ds:string:PARTITION_KEY\s+:: \[\[2024-03-13\]\]/)
    expect(plan).not.toMatch(/2024-03-12|2024-03-14/)
  })

  it('takes an earlier result while the files are the same, and only then', async () => {
    const sql = 'SELECT count(*) AS n, min(last_updated) AS first FROM t'
    const key = liveStatusKey(CITY, MIDNIGHT + 5 * 86_400)
    const ref = status('2024-03-17')
    await putStatus(lake.warehouse, key, [[MIDNIGHT + 5 * 86_400, 'a', 1]])
    expect(await count(ref, sql)).toMatchObject([{ n: 1 }])
    expect(await count(ref, sql)).toMatchObject([{ n: 1 }])
    expect(lake.front.executions().at(-1)?.reused).toBe(true)
    await putStatus(lake.warehouse, key, [
      [MIDNIGHT + 5 * 86_400, 'a', 1],
      [MIDNIGHT + 5 * 86_400, 'b', 1],
    ])
    expect(await count(ref, sql)).toMatchObject([{ n: 2 }])
    expect(lake.front.executions().at(-1)?.reused).toBe(false)
  })

  it('says when a query would scan more than the workgroup allows', async () => {
    lake.front.workgroups.set('primary', { bytesLimit: 100 })
    const sql = 'SELECT sum(num_bikes_available) AS limited FROM t'
    expect(await refusal(count(status(DAYS[0], DAYS[2]), sql), 'CHECK_FAILED')).toMatch(/counted.*fewer days/)
  })

  it('waits out throttling, and starts a query once though the answer is lost', async () => {
    lake.front.faults.push(
      { action: 'StartQueryExecution', name: 'TooManyRequestsException', status: 400, times: 2 },
      { action: 'GetQueryExecution', name: 'InternalServerException', status: 500, times: 1 },
    )
    expect(await lake.warehouse.rows({ name: 'a', sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }])
    const before = lake.front.executions().length
    lake.front.faults.push({
      action: 'StartQueryExecution',
      name: 'InternalServerException',
      status: 500,
      times: 1,
      after: true,
    })
    expect(await lake.warehouse.rows({ name: 'a', sql: 'SELECT 2 AS two' })).toEqual([{ two: 2 }])
    expect(lake.front.executions()).toHaveLength(before + 1)
  })

  it('stops in Athena what is under way when it is closed', async () => {
    const other = await lake.open()
    const started = lake.front.executions().length
    const ended = refusal(other.rows({ name: 'slow', sql: SLOW }), 'CANCELLED')
    await lake.front.whenStarted(started + 1)
    await other.close()
    expect(await ended).toMatch(/was stopped/)
    expect(lake.front.calls).toContain('StopQueryExecution')
    expect(lake.front.executions().at(-1)?.state).toBe('CANCELLED')
  })

  it('leaves nothing of an UNLOAD behind', async () => {
    const rows: unknown[] = []
    for await (const batch of lake.warehouse.stream({
      name: 'unloaded',
      sql: 'SELECT last_updated, station_id FROM t ORDER BY last_updated DESC, station_id',
      tables: { t: status(DAYS[0]) },
    }))
      rows.push(...Array.from(batch.columns['last_updated'] ?? []))
    expect(rows).toEqual(Array.from({ length: 500 }, (_, i) => MIDNIGHT + 499 - i))
    expect(lake.front.executions().at(-1)?.sql).toMatch(/^UNLOAD/)
    expect(await lake.objects('athena_results/unload/')).toEqual([])
  })

  it('writes an empty result with its columns, and one whose order is by a column it lacks', async () => {
    const none = { name: 'none', sql: 'SELECT station_id FROM t WHERE false', tables: { t: status(DAYS[0]) } }
    expect((await lake.warehouse.write(none, 'files/none.parquet')).rows).toBe(0)
    const sql = 'SELECT num_bikes_available AS n FROM t WHERE num_bikes_available < 3 ORDER BY last_updated'
    const written = { name: 'lacks', sql, tables: { t: status(DAYS[0]) } }
    expect((await lake.warehouse.write(written, 'files/lacks.parquet')).rows).toBe(75)
    const got: unknown[] = []
    for await (const { columns } of lake.warehouse.stream(written))
      got.push(...Array.from(columns['n'] ?? []))
    expect(got.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2])
  })

  it('runs a query again when a file went while it ran, and takes one that came', async () => {
    const at = MIDNIGHT + 7 * 86_400
    const ref = status('2024-03-19')
    await putStatus(lake.warehouse, liveStatusKey(CITY, at), [[at, 'a', 1]])
    const started = lake.front.executions().length
    lake.front.beforeRun = async () => {
      lake.front.beforeRun = undefined
      // As compaction does: the day's file comes, then the live ones go.
      await putStatus(lake.warehouse, dayKey('station_status', CITY, '2024-03-19'), [
        [at, 'a', 1],
        [at + 60, 'a', 2],
      ])
      await lake.store.delete(liveStatusKey(CITY, at))
    }
    expect(await count(ref)).toMatchObject([{ n: 2, most: 2 }])
    expect(lake.front.executions()).toHaveLength(started + 2)
    const later = MIDNIGHT + 8 * 86_400
    await putStatus(lake.warehouse, liveStatusKey(CITY, later), [[later, 'a', 1]])
    lake.front.beforeRun = async () => {
      lake.front.beforeRun = undefined
      await putStatus(lake.warehouse, liveStatusKey(CITY, later + 60), [[later + 60, 'a', 1]])
    }
    const [seen] = await count(status('2024-03-20'))
    expect([1, 2]).toContain(seen?.n)
    expect(lake.front.executions()).toHaveLength(started + 3)
  })

  it('says which partition the tables do not know', async () => {
    const slot = MIDNIGHT + 600
    const rows = columnsOf('predictions', [{ slot, city: CITY }])
    await lake.warehouse.writeRows(predictionsKey('bikeshare-other', CITY, slot), rows)
    const ref = { dataset: 'predictions', city: CITY, dsFrom: DAYS[0], dsTo: DAYS[0] } as const
    expect(await refusal(count(ref, 'SELECT slot FROM t'), 'MISMATCH')).toMatch(
      /predictions does not know the endpoint bikeshare-other/,
    )
    await lake.store.delete(predictionsKey('bikeshare-other', CITY, slot))
    await putStatus(lake.warehouse, dayKey('station_status', CITY, '2019-01-01'), [[1, 'a', 1]])
    expect(await refusal(count(status('2019-01-01')), 'MISMATCH')).toMatch(/does not know the day 2019-01-01/)
  })

  it('says what is wrong with the workgroup', async () => {
    const other = await lake.open({ workgroup: 'nobody' })
    expect(await refusal(other.rows({ name: 'a', sql: 'SELECT 1' }), 'CONFIG')).toMatch(
      /nobody.*workgroup and athena_output/,
    )
    await other.close()
  })

  it('refuses a person every table but those given', async () => {
    const tables = { status: status(DAYS[0]) }
    for (const sql of [
      `SELECT * FROM ${lake.database}.features`,
      `SELECT * FROM "${lake.database}".predictions`,
      'SELECT * FROM information_schema.tables',
    ])
      expect(await refusal(lake.warehouse.query(sql, tables), 'BAD_INPUT')).toMatch(
        /is not a table that it was given/,
      )
  })
})

describe.skipIf(!hasTrino())('the tables of a lake', () => {
  it('are made once, and brought up to date where they differ', async () => {
    const access = { region: REGION, endpoint: motoUrl() }
    const options = {
      database: `db_ensured_${process.pid}`,
      location: { bucket: 'a-bucket', prefix: 'lakes/one/' },
      cities: ['c'],
      endpoints: ['bikeshare-prod'],
      since: '2024-01-01',
      views: [{ name: 'v_one', sql: 'select 1 as one', columns: [{ name: 'one', type: 'INTEGER' }] }],
    } as const
    const first = await ensureGlueTables(access, options)
    expect(first.created).toContain('station_status')
    expect(first.created).toContain('v_one')
    expect(await ensureGlueTables(access, options)).toMatchObject({ created: [], updated: [] })
    const more = { ...options, endpoints: ['bikeshare-prod', 'bikeshare-prod-docks'] }
    expect((await ensureGlueTables(access, more)).updated).toEqual(['predictions', 'monitoring_quality'])
  })
})

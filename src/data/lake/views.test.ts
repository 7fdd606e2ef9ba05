import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, informationOf, stationsAt } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import { predictionsKey } from '../../core/keys.ts'
import { dtOf, type EpochSeconds } from '../../core/time.ts'
import type { SqlValue } from '../../platform/ports.ts'
import { addVersions } from './information-versions.ts'
import { addLiveSnapshots, mergeStatusDay } from './status-day.ts'
import { qualityTables, QUALITY_SQL, runSql } from './views.ts'
import { VIEWS_KEY, writeViews } from './views-file.ts'

const NEXT = DAY + 86_400

describe('the views', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  const sql = (query: string) => runSql(platform, { city: 'test', query })

  async function predict(
    slot: EpochSeconds,
    target: 'bikes' | 'docks',
    stations = ['s000', 's001'],
  ): Promise<void> {
    const row = (station_id: string): Record<string, SqlValue> => ({
      city: 'test',
      endpoint: `e-${target}`,
      target,
      slot,
      dt: dtOf(slot),
      station_id,
      count_now: station_id === 's000' ? 3 : 2,
      score: 0.25,
      threshold: 0.2,
      stockout: true,
      variant: 'AllTraffic',
      model_version: 'v1',
      features_hash: 'f',
      inference_id: 'i',
      shuffle_seed: 1,
      made_at: slot + 5,
      backfilled: false,
    })
    const rows = stations.map(row)
    await platform.warehouse.writeRows(
      predictionsKey(`e-${target}`, 'test', slot),
      TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
        name,
        type,
        values: rows.map((r) => r[name] ?? null),
      })),
    )
  }
  const snapshot = (last_updated: EpochSeconds, bikes: number, docks = 10) => ({
    last_updated,
    stations: stationsAt(last_updated)
      .slice(0, 1)
      .map((s) => ({ ...s, num_bikes_available: bikes, num_docks_available: docks })),
  })
  const outcomes = async () =>
    (
      await sql(
        'select slot, target, station_id, outcome_at, outcome_count, label, onset from v_quality order by slot, target, station_id',
      )
    ).rows

  it('join a prediction with the newest snapshot in the 15 minutes before it was due', async () => {
    const due = DAY + 36_000
    await mergeStatusDay(platform, 'test', '2024-03-12', [
      snapshot(due - 901, 0),
      snapshot(due - 900, 5),
      snapshot(due - 10, 2, 3),
      snapshot(due + 1, 9),
    ])
    await predict(due - 1800, 'bikes')
    await predict(due - 1800, 'docks', ['s000'])
    await predict(due - 1800 - 600, 'bikes', ['s000'])
    await predict(due - 1800 + 1200, 'bikes', ['s000'])
    expect(await outcomes()).toEqual([
      [due - 2400, 'bikes', 's000', due - 900, 5, 0, true],
      [due - 1800, 'bikes', 's000', due - 10, 2, 1, true],
      [due - 1800, 'bikes', 's001', null, null, null, false],
      [due - 1800, 'docks', 's000', due - 10, 3, 0, true],
      [due - 600, 'bikes', 's000', null, null, null, true],
    ])
  })

  it('take a snapshot exactly 15 minutes old, and none that is a second older or later than due', async () => {
    const slots = [0, 300, 600, 900].map((s) => DAY + 40_000 - (40_000 % 300) + s)
    for (const slot of slots) await predict(slot, 'bikes', ['s000'])
    const due = (slots[0] ?? 0) + 1800
    await mergeStatusDay(platform, 'test', '2024-03-12', [snapshot(due, 1)])
    const at = (await outcomes()).map((row) => row[3])
    // due, due + 300, due + 600 and due + 900 may all use it; one second more would not.
    expect(at).toEqual([due, due, due, due])
    await predict((slots[3] ?? 0) + 300, 'bikes', ['s000'])
    expect((await outcomes()).map((row) => row[3])).toEqual([due, due, due, due, null])
  })

  it('find what happened on the next day, compacted or not', async () => {
    await predict(NEXT - 600, 'bikes', ['s000'])
    await mergeStatusDay(platform, 'test', '2024-03-12', [snapshot(NEXT - 700, 8)])
    await addLiveSnapshots(platform, 'test', '2024-03-13', [snapshot(NEXT + 1100, 1)])
    expect((await outcomes())[0]).toEqual([NEXT - 600, 'bikes', 's000', NEXT + 1100, 1, 1, true])
    const rows = await platform.warehouse.rows({
      name: 'quality',
      sql: QUALITY_SQL,
      tables: qualityTables('test', '2024-03-12', '2024-03-12'),
    })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ outcome_at: NEXT + 1100, label: 1, due_at: NEXT + 1200 })
  })

  it('show each station as it is now, and answer on an empty lake', async () => {
    expect((await sql('select * from v_station_information')).rows).toEqual([])
    expect((await sql('select count(*) from v_quality, v_predictions')).rows).toEqual([[0]])
    await addVersions(platform, 'test', [
      ...informationOf().map((s) => ({ ...s, valid_from: DAY })),
      ...informationOf(30)
        .slice(2, 3)
        .map((s) => ({ ...s, valid_from: NEXT })),
    ])
    const result = await sql(
      'select station_id, capacity from v_station_information order by station_id limit 3',
    )
    expect(result).toEqual({
      columns: ['station_id', 'capacity'],
      rows: [
        ['s000', 21],
        ['s001', 21],
        ['s002', 30],
      ],
    })
  })

  it('go by their configured names', async () => {
    const views = { station_information: 'stations', predictions: 'p', quality: 'judged' }
    const result = await runSql(platform, { city: 'test', query: 'select count(*) as n from judged', views })
    expect(result).toEqual({ columns: ['n'], rows: [[0]] })
  })

  it('can only be read', async () => {
    for (const query of [
      "copy (select 1) to '/tmp/x.csv'",
      'select 1; select 2',
      'drop view v_quality',
      "select * from read_csv('/etc/passwd')",
    ])
      await expect(sql(query), `query ${query}`).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('stand in a file that plain DuckDB reads in the lake folder, whatever the lake holds', async () => {
    const query = async (text: string) => {
      const views = new TextDecoder().decode((await platform.store.get(VIEWS_KEY))?.body)
      const instance = await DuckDBInstance.create(':memory:')
      const connection = await instance.connect()
      // What `cd` into the folder does for the command line.
      await connection.run(`set file_search_path = '${platform.root}'`)
      await connection.run(views)
      const rows = (await connection.runAndReadAll(text)).getRowsJson()
      connection.closeSync()
      instance.closeSync()
      return rows
    }
    await writeViews(platform.store, 'test')
    expect(await query('select count(*) from v_quality')).toEqual([['0']])
    const due = DAY + 36_000
    await mergeStatusDay(platform, 'test', '2024-03-12', [snapshot(due - 10, 1)])
    await addLiveSnapshots(platform, 'test', '2024-03-13', [snapshot(NEXT + 60, 4)])
    await predict(due - 1800, 'bikes', ['s000'])
    await writeViews(platform.store, 'test')
    expect(await query('select station_id, label from v_quality')).toEqual([['s000', 1]])
    expect(await query('select count(*) from station_status')).toEqual([['2']])
    expect(await query('select station_id, due_at from v_predictions')).toEqual([['s000', String(due)]])
  })
})

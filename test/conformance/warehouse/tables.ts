import { describe, expect, it } from 'vitest'
import { TABLE_SCHEMAS } from '../../../src/core/contracts/tables.ts'
import { dayKey, liveStatusKey, predictionsKey } from '../../../src/core/keys.ts'
import { ask, columnsOf, DAY, MIDNIGHT, type OpenWarehouse, putStatus, refusedAs, status } from './subject.ts'

/** Which rows the tables of a statement hold. */
export function tableSuite(opened: () => OpenWarehouse): void {
  describe('tables', () => {
    it('have the columns of their dataset when there is no file', async () => {
      for (const dataset of ['station_status', 'features', 'predictions', 'calendar'] as const) {
        const table = { dataset, city: 'nowhere', dsFrom: DAY, dsTo: '2024-03-14' }
        expect(await ask(opened().warehouse, 'SELECT * FROM t', { t: table })).toEqual([])
        const described = await ask(opened().warehouse, 'DESCRIBE SELECT * FROM t', { t: table })
        expect(described.map((row) => ({ name: row.column_name, type: row.column_type }))).toEqual(
          TABLE_SCHEMAS[dataset],
        )
      }
    })

    it('hold the days asked for, of one city', async () => {
      for (const [city, ds] of [
        ['x', '2024-03-11'],
        ['x', DAY],
        ['x', '2024-03-13'],
        ['xy', DAY],
      ] as const)
        await opened().warehouse.writeRows(
          dayKey('calendar', city, ds),
          columnsOf('calendar', [
            { slot: 1, dt: `${city} ${ds}`, hour: 1, dow: 1, is_weekend: 0, is_holiday: 0 },
          ]),
        )
      const rows = await ask(opened().warehouse, 'SELECT dt FROM t ORDER BY dt', {
        t: { dataset: 'calendar', city: 'x', dsFrom: DAY, dsTo: '2024-03-13' },
      })
      expect(rows).toEqual([{ dt: `x ${DAY}` }, { dt: 'x 2024-03-13' }])
    })

    it('of status are the live files until the day is compacted, then that file alone', async () => {
      await putStatus(opened().warehouse, liveStatusKey('c', MIDNIGHT + 60), [[MIDNIGHT + 60, 's1', 5]])
      await putStatus(opened().warehouse, liveStatusKey('c', MIDNIGHT + 120), [[MIDNIGHT + 120, 's1', 6]])
      const sql = 'SELECT num_bikes_available AS n FROM t ORDER BY last_updated'
      expect(await ask(opened().warehouse, sql, { t: status('c') })).toEqual([{ n: 5 }, { n: 6 }])
      await putStatus(opened().warehouse, dayKey('station_status', 'c', DAY), [[MIDNIGHT + 60, 's1', 50]])
      expect(await ask(opened().warehouse, sql, { t: status('c') })).toEqual([{ n: 50 }])
      await opened().store.delete(dayKey('station_status', 'c', DAY))
      expect(await ask(opened().warehouse, sql, { t: status('c') })).toEqual([{ n: 5 }, { n: 6 }])
    })

    it('of status keep every row within the times hinted at', async () => {
      for (let i = 0; i < 6; i += 1)
        await putStatus(opened().warehouse, liveStatusKey('h', MIDNIGHT + i * 60), [
          [MIDNIGHT + i * 60, 's', i],
        ])
      const t = status('h', { since: MIDNIGHT + 60, until: MIDNIGHT + 240 })
      const sql = 'SELECT num_bikes_available AS n FROM t WHERE last_updated BETWEEN $a AND $b ORDER BY n'
      const rows = await ask(opened().warehouse, sql, { t }, { a: MIDNIGHT + 60, b: MIDNIGHT + 240 })
      expect(rows.map((row) => row.n)).toEqual([1, 2, 3, 4])
    })

    it('of predictions are those of all endpoints', async () => {
      for (const endpoint of ['bikeshare-prod', 'bikeshare-staging-docks'])
        await opened().warehouse.writeRows(
          predictionsKey(endpoint, 'c', MIDNIGHT + 600),
          columnsOf('predictions', [{ endpoint, slot: MIDNIGHT + 600 }]),
        )
      const t = { dataset: 'predictions', city: 'c', dsFrom: DAY, dsTo: DAY } as const
      expect(await ask(opened().warehouse, 'SELECT endpoint FROM t ORDER BY 1', { t })).toEqual([
        { endpoint: 'bikeshare-prod' },
        { endpoint: 'bikeshare-staging-docks' },
      ])
      expect(await ask(opened().warehouse, 'SELECT endpoint FROM t', { t: { ...t, city: 'd' } })).toEqual([])
    })

    it('belong to one statement: others at the same time may use the same names', async () => {
      for (let i = 0; i < 8; i += 1)
        await putStatus(opened().warehouse, dayKey('station_status', `p${i}`, DAY), [
          [MIDNIGHT, `station ${i}`, i],
        ])
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          ask(opened().warehouse, 'SELECT station_id AS s FROM t', { t: status(`p${i}`) }),
        ),
      )
      expect(answers).toEqual(Array.from({ length: 8 }, (_, i) => [{ s: `station ${i}` }]))
      await expect(ask(opened().warehouse, 'SELECT * FROM t')).rejects.toThrow(
        /statement "asked" failed: .*does not exist/,
      )
    })

    it('name the file that is damaged', async () => {
      await putStatus(opened().warehouse, dayKey('station_status', 'ok', DAY), [[MIDNIGHT, 's', 1]])
      const whole = await opened().store.get(dayKey('station_status', 'ok', DAY))
      const body = Buffer.from(whole?.body ?? [])
      const garbled = Buffer.from(body)
      garbled.fill(0xa5, 4, 40)
      const cases = {
        text: 'not parquet at all',
        cut: body.subarray(0, body.length - 20),
        empty: '',
        garbled,
      }
      for (const [city, content] of Object.entries(cases)) {
        await opened().store.put(dayKey('station_status', city, DAY), content)
        await expect(
          ask(opened().warehouse, 'SELECT * FROM t', { fine: status('ok'), t: status(city) }),
        ).rejects.toSatisfy(refusedAs('CORRUPT', new RegExp(`asked.*city=${city}/ds=${DAY}/day.parquet`)))
      }
    })

    it('name the file that has other columns', async () => {
      await opened().warehouse.writeRows(dayKey('station_status', 'old', DAY), [
        { name: 'last_updated', type: 'BIGINT', values: [1] },
      ])
      await expect(ask(opened().warehouse, 'SELECT * FROM t', { t: status('old') })).rejects.toSatisfy(
        refusedAs('MISMATCH', /city=old.*station_status.*upgrade/),
      )
    })
  })
}

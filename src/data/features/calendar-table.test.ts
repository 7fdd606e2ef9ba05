import { describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { ensureCalendar } from './calendar-table.ts'

const DAYS = ['2024-07-04', '2024-07-05']

const holidays = async (platform: LocalPlatform): Promise<number> => {
  const [row] = await platform.warehouse.rows<{ slots: number; holidays: number }>({
    name: 'holidays',
    sql: 'select count(*) as slots, cast(sum(is_holiday) as bigint) as holidays from calendar',
    tables: { calendar: { dataset: 'calendar', city: 'x', dsFrom: '2024-07-04', dsTo: '2024-07-05' } },
  })
  expect(row?.slots).toBe(576)
  return row?.holidays ?? 0
}

describe('ensureCalendar', () => {
  it('writes the days that are missing, once, and all of them anew for another country', async () => {
    const platform = await openLocalPlatform()
    let writes = 0
    const counted = {
      store: platform.store,
      warehouse: {
        ...platform.warehouse,
        writeRows: (...[key, columns]: Parameters<typeof platform.warehouse.writeRows>) => {
          writes++
          return platform.warehouse.writeRows(key, columns)
        },
      },
    }
    const zone = { timezone: 'America/New_York', country: 'US' }
    await ensureCalendar(counted, 'x', zone, DAYS.slice(0, 1))
    await ensureCalendar(counted, 'x', zone, DAYS)
    await ensureCalendar(counted, 'x', zone, DAYS)
    expect([writes, await holidays(platform)]).toEqual([2, 288])

    await ensureCalendar(counted, 'x', { ...zone, country: 'FR' }, DAYS)
    expect([writes, await holidays(platform)]).toEqual([4, 0])
    await platform.close()
  })
})

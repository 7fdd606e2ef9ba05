import { describe, expect, it } from 'vitest'
import { parseTime } from '../../core/time.ts'
import { writeInputs, type InformationRow } from '../../../test/support/feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { ensureStationTables } from './station-tables.ts'

const version = (station_id: string, at: string, capacity = 20): InformationRow => ({
  station_id,
  valid_from: parseTime(at),
  lat: 40,
  lon: -74,
  capacity,
})
const VERSIONS = [
  version('a', '2023-12-01', 1),
  version('a', '2024-01-01', 2),
  version('b', '2024-01-01', 3),
  version('a', '2024-01-02T22:44:00Z', 4),
  version('a', '2024-01-02T22:46:00Z', 5),
  version('a', '2024-01-03T12:00:00Z', 6),
  version('c', '2024-01-04T00:00:00Z', 7),
]

const write = (platform: LocalPlatform, information: readonly InformationRow[]): Promise<void> =>
  writeInputs(platform, 'x', { timezone: 'UTC', country: null, status: [], weather: [], information })

const capacities = async (platform: LocalPlatform, ds: string): Promise<unknown[]> => {
  const rows = await platform.warehouse.rows<{ capacity: number }>({
    name: 'stations',
    sql: 'select capacity from stations order by valid_from, station_id',
    tables: { stations: { dataset: 'stations', city: 'x', dsFrom: ds, dsTo: ds } },
  })
  return rows.map((row) => row.capacity)
}

describe('ensureStationTables', () => {
  it('gives a day the versions in force from 75 minutes before it until its end', async () => {
    const platform = await openLocalPlatform()
    await write(platform, VERSIONS)
    await ensureStationTables(platform, 'x', ['2024-01-02', '2024-01-03', '2024-01-04'])
    expect(await capacities(platform, '2024-01-02')).toEqual([2, 3, 4, 5])
    expect(await capacities(platform, '2024-01-03')).toEqual([3, 4, 5, 6])
    expect(await capacities(platform, '2024-01-04')).toEqual([3, 6, 7])
    await platform.close()
  })

  it('writes a day again only when information changed that may hold on it', async () => {
    const platform = await openLocalPlatform()
    await write(platform, VERSIONS)
    const days = ['2024-01-02', '2024-01-03']
    await ensureStationTables(platform, 'x', days)
    let written: string[] = []
    const counted = {
      store: platform.store,
      warehouse: {
        ...platform.warehouse,
        writeRows: (...[key, columns]: Parameters<typeof platform.warehouse.writeRows>) => {
          written.push(key)
          return platform.warehouse.writeRows(key, columns)
        },
      },
    }
    await ensureStationTables(counted, 'x', days)
    expect(written).toEqual([])

    await write(platform, [...VERSIONS, version('a', '2024-01-03T13:00:00Z', 8)])
    await ensureStationTables(counted, 'x', days)
    expect(written).toEqual(['curated/stations/city=x/ds=2024-01-03/day.parquet'])
    expect(await capacities(platform, '2024-01-03')).toEqual([3, 4, 5, 6, 8])
    written = []
    await platform.close()
  })

  it('is well with a lake without information', async () => {
    const platform = await openLocalPlatform()
    await ensureStationTables(platform, 'x', ['2024-01-02'])
    expect(await capacities(platform, '2024-01-02')).toEqual([])
    await platform.close()
  })
})

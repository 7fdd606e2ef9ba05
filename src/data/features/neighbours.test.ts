import { describe, expect, it } from 'vitest'
import { parseTime } from '../../core/time.ts'
import { openLocalPlatform } from '../../../test/support/local-platform.ts'
import type { InformationVersion } from '../lake/information-versions.ts'
import { ensureNeighbours, positionSets } from './neighbours.ts'

const version = (
  station_id: string,
  at: string,
  change: Partial<InformationVersion> = {},
): InformationVersion => ({
  station_id,
  valid_from: parseTime(at),
  name: station_id,
  short_name: null,
  lat: 40 + station_id.charCodeAt(0) / 1000,
  lon: -74,
  capacity: 20,
  region_id: null,
  ...change,
})

const JANUARY = ['2024-01-01', '2024-01-31'] as const
const BASE = [version('a', '2024-01-01'), version('b', '2024-01-01'), version('c', '2024-01-05T10:00:00Z')]

describe('positionSets', () => {
  const timesOf = (versions: readonly InformationVersion[]): string[] =>
    positionSets(versions).map(
      ({ valid_from, stations }) =>
        `${new Date(valid_from * 1000).toISOString().slice(0, 10)} ${stations.map((s) => s.station_id).join('')}`,
    )

  it('has a set for every time at which stations come, move, or get or lose their docks', () => {
    const versions = [
      ...BASE,
      version('a', '2024-01-07', { lat: 41 }),
      version('b', '2024-01-08', { capacity: 0 }),
      version('b', '2024-01-09', { capacity: 5 }),
    ]
    expect(timesOf(versions)).toEqual([
      '2024-01-01 ab',
      '2024-01-05 abc',
      '2024-01-07 abc',
      '2024-01-08 abc',
      '2024-01-09 abc',
    ])
  })

  it('has none for another name or capacity', () => {
    const versions = [...BASE, version('a', '2024-01-07', { capacity: 31, name: 'A' })]
    expect(timesOf(versions)).toHaveLength(2)
  })

  it('has one for changes of one time, the last of a station', () => {
    const versions = [version('a', '2024-01-01'), version('b', '2024-01-01'), version('c', '2024-01-01')]
    expect(timesOf(versions)).toEqual(['2024-01-01 abc'])
  })
})

describe('ensureNeighbours', () => {
  it('writes each set to the day of its beginning, and leaves a day alone whose positions are the same', async () => {
    const platform = await openLocalPlatform()
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
    await ensureNeighbours(counted, 'x', BASE, ...JANUARY)
    expect(written).toEqual([
      'curated/neighbours/city=x/ds=2024-01-01/day.parquet',
      'curated/neighbours/city=x/ds=2024-01-05/day.parquet',
    ])
    written = []
    await ensureNeighbours(counted, 'x', [...BASE, version('a', '2024-01-05', { capacity: 9 })], ...JANUARY)
    expect(written).toEqual([])
    await platform.close()
  })

  it('takes away a day on which positions did not change after all', async () => {
    const platform = await openLocalPlatform()
    await ensureNeighbours(platform, 'x', BASE, ...JANUARY)
    await ensureNeighbours(platform, 'x', [...BASE, version('c', '2024-01-03')], ...JANUARY)
    expect(await platform.store.folders('curated/neighbours/city=x/')).toEqual([
      'ds=2024-01-01',
      'ds=2024-01-03',
    ])
    await platform.close()
  })

  it('writes whole days, from the one whose last set is in force at the beginning', async () => {
    const platform = await openLocalPlatform()
    const versions = [
      ...BASE,
      version('d', '2024-01-07T10:00:00Z'),
      version('e', '2024-01-07T20:00:00Z'),
      version('f', '2024-01-09T20:00:00Z'),
    ]
    await ensureNeighbours(platform, 'x', versions, '2024-01-08', '2024-01-08')
    expect(await platform.store.folders('curated/neighbours/city=x/')).toEqual(['ds=2024-01-07'])
    const rows = await platform.warehouse.rows({
      name: 'sets',
      sql: 'select valid_from, count(*) as weights from neighbours group by valid_from order by valid_from',
      tables: { neighbours: { dataset: 'neighbours', city: 'x', dsFrom: '2024-01-07', dsTo: '2024-01-07' } },
    })
    expect(rows).toHaveLength(2)
    await platform.close()
  })
})

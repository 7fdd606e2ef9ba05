import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { parseTime } from '../../core/time.ts'
import { writeSimulation, type WrittenSimulation } from './write.ts'

const RECORDING = {
  seed: 5,
  stations: 30,
  from: parseTime('2024-09-02'),
  days: 2,
  timezone: 'America/New_York',
  status: 'rec/status.parquet',
  information: 'rec/information.parquet',
  weather: 'rec/weather.parquet',
} as const

let platform: LocalPlatform
let written: WrittenSimulation
beforeAll(async () => {
  platform = await openLocalPlatform()
  written = await writeSimulation(platform.warehouse, RECORDING)
})
afterAll(async () => platform.close())

describe('the recording of a simulation', () => {
  it('is one status file a day, one of information and one of weather', async () => {
    expect(written.status.map((file) => file.key)).toEqual([
      'rec/status-2024-09-02.parquet',
      'rec/status-2024-09-03.parquet',
    ])
    expect(written.status.reduce((sum, file) => sum + file.rows, 0)).toBe(written.statusRows)
    expect(written.weather.rows).toBe(48)
    expect(written.information.rows).toBeGreaterThanOrEqual(30)
    expect(written.trips).toBeGreaterThan(0)
  })

  it('reads back as the columns of a recording, in order, with times that fit', async () => {
    const path = `${platform.root}/rec/status-*.parquet`
    const columns = await platform.warehouse.rows<{ column_name: string; column_type: string }>({
      name: 'describe',
      sql: `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${path}'))`,
    })
    expect(columns.map((column) => column.column_name)).toEqual([
      'last_updated',
      'station_id',
      'num_bikes_available',
      'num_docks_available',
      'num_bikes_disabled',
      'num_docks_disabled',
      'num_ebikes_available',
      'is_installed',
      'is_renting',
      'is_returning',
      'last_reported',
    ])
    const [facts] = await platform.warehouse.rows<{ first: number; last: number; snapshots: number }>({
      name: 'facts',
      sql: `SELECT min(last_updated) AS first, max(last_updated) AS last, count(DISTINCT last_updated) AS snapshots
            FROM read_parquet('${path}')`,
    })
    expect(facts?.first).toBeGreaterThanOrEqual(RECORDING.from)
    expect(facts?.last).toBeLessThan(RECORDING.from + 2 * 86_400)
    expect(facts?.snapshots).toBe(written.snapshots)
  })

  it('has the same bytes when it is written again', async () => {
    const again = await writeSimulation(platform.warehouse, { ...RECORDING, status: 'again/status.parquet' })
    expect(again.status.map((file) => file.sha256)).toEqual(written.status.map((file) => file.sha256))
    expect(again.information.sha256).toBe(written.information.sha256)
    expect(again.weather.sha256).toBe(written.weather.sha256)
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseTime } from '../../src/core/time.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { batchOfQuery } from '../support/recording-batches.ts'
import { FigureCollector, type RecordingFigures } from '../support/recording-figures.ts'
import { BAY_WHEELS, CITI_BIKE, type ReferenceFigures } from '../support/reference-figures.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

let platform: LocalPlatform
beforeAll(async () => {
  platform = await openLocalPlatform()
})
afterAll(async () => platform.close())

async function figuresOf(file: string, timezone: string, testFrom: string): Promise<RecordingFigures> {
  const path = join(SHARED_DATA, file)
  if (!existsSync(path)) throw new Error(`There is no recording ${path}; SHARED_DIR names the folder`)
  const collector = new FigureCollector({ timezone, testFrom: parseTime(testFrom) })
  const batches = platform.warehouse.stream({
    name: 'recording',
    sql: `SELECT epoch(last_updated)::BIGINT AS last_updated, station_id, num_bikes_available::INTEGER AS num_bikes_available,
            num_docks_available::INTEGER AS num_docks_available, is_installed, is_renting, is_returning,
            epoch(last_reported)::BIGINT AS last_reported
          FROM read_parquet('${path}') ORDER BY 1, 2`,
  })
  for await (const batch of batches) collector.add(batchOfQuery(batch))
  return collector.figures()
}

/** Every figure of the reference, flattened to `bikes.low`, `docks.lowByHour.3`, … */
function flat(value: unknown, path: string, into: Map<string, number>): Map<string, number> {
  if (typeof value === 'number') into.set(path, value)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flat(inner, path === '' ? key : `${path}.${key}`, into)
  }
  return into
}

describe('the figures that the simulation is held against', () => {
  for (const [name, file, timezone, testFrom, reference] of [
    [
      'Bay Wheels',
      'sf_status_2023-04-03_2023-05-14.parquet',
      'America/Los_Angeles',
      '2023-05-07',
      BAY_WHEELS,
    ],
    ['Citi Bike', 'nyc_status.parquet', 'America/New_York', '2024-03-22', CITI_BIKE],
  ] as const satisfies readonly (readonly [string, string, string, string, ReferenceFigures])[]) {
    it(`are those of the recording of ${name}`, async () => {
      const measured = flat(await figuresOf(file, timezone, testFrom), '', new Map())
      const expected = flat(reference, '', new Map())
      expect(expected.size).toBeGreaterThan(100)
      const other = [...expected].filter(([path, value]) => {
        const found = measured.get(path) ?? 0
        return Number.isNaN(value)
          ? !Number.isNaN(found)
          : !(Math.abs(found - value) <= 1e-3 * Math.abs(value))
      })
      expect(other.map(([path, value]) => [path, value, measured.get(path)])).toEqual([])
    })
  }
})

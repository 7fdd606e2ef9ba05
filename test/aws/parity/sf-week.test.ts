import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { silentReporter } from '../../../src/core/report.ts'
import { DAY_SECONDS, dsRange, parseDs } from '../../../src/core/time.ts'
import { ensureCalendar } from '../../../src/data/features/calendar-table.ts'
import { featureStatement, slotsOfDay } from '../../../src/data/features/feature-statement.ts'
import { zoneOf } from '../../../src/data/features/holidays.ts'
import { lastSnapshot } from '../../../src/data/features/last-snapshot.ts'
import { ensureStationTables } from '../../../src/data/features/station-tables.ts'
import { importRecording } from '../../../src/data/lake/import.ts'
import { syncLakes } from '../../../src/data/lake/sync/sync-lakes.ts'
import type { ColumnBatch, ObjectStore, SqlValue, Warehouse } from '../../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from '../../support/local-platform.ts'
import { SHARED_DATA } from '../../support/shared-data.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { type AthenaLake, openAthenaLake } from '../environment/open-warehouse.ts'

const RECORDING = join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet')
const CITY = 'sf'
/** A whole week, each day with the one before it and the one after. */
const WEEK = dsRange(parseDs('2023-04-10'), parseDs('2023-04-16'))

interface Compared {
  rows: number
  cells: number
  differing: number
  float32: number
}

/** Cells of two results, by position: numbers by their bits. */
function compareBatch(a: ColumnBatch, b: ColumnBatch, total: Compared): void {
  expect(Object.keys(b.columns)).toEqual(Object.keys(a.columns))
  total.rows += a.rows
  for (const [name, left] of Object.entries(a.columns)) {
    const right = b.columns[name] ?? []
    if (left instanceof Float32Array) total.float32 += left.length
    for (let row = 0; row < a.rows; row += 1) {
      total.cells += 1
      if (!isSame(left[row], right[row])) total.differing += 1
    }
  }
}

const isSame = (a: SqlValue | undefined, b: SqlValue | undefined): boolean => Object.is(a, b)

async function copyOf(store: ObjectStore, key: string, path: string): Promise<string> {
  await writeFile(path, (await store.get(key))?.body ?? '')
  return path
}

const batches = (warehouse: Warehouse, path: string): AsyncIterator<ColumnBatch> =>
  warehouse.scanFile(path)[Symbol.asyncIterator]()

describe.skipIf(inject('trino') === undefined || !existsSync(RECORDING))(
  'features of a week of San Francisco',
  () => {
    let local: LocalPlatform
    let aws: AthenaLake
    let folder: string
    beforeAll(async () => {
      folder = await makeTempDir()
      local = await openLocalPlatform()
      await importRecording(local, {
        city: CITY,
        status: [RECORDING],
        information: [join(SHARED_DATA, 'sf_information.parquet')],
        timezone: 'America/Los_Angeles',
        country: 'US',
        report: silentReporter,
      })
      const [first = '', last = ''] = [WEEK[0], WEEK.at(-1)]
      const days = dsRange(parseDs(first) - DAY_SECONDS, parseDs(last) + DAY_SECONDS)
      await ensureCalendar(local, CITY, zoneOf('America/Los_Angeles', 'US'), days)
      await ensureStationTables(local, CITY, WEEK)
      aws = await openAthenaLake([CITY])
      await syncLakes({
        from: { store: local.store, address: 'local' },
        to: { store: aws.store, address: 'aws' },
        prefix: 'curated/',
        report: silentReporter,
      })
    })
    afterAll(async () => {
      await aws?.close()
      await local?.close()
    })

    it('are the same in every cell, by DuckDB and by Trino', async () => {
      const total: Compared = { rows: 0, cells: 0, differing: 0, float32: 0 }
      const knownUntil = await lastSnapshot(local, CITY)
      for (const ds of WEEK) {
        const statement = await featureStatement(local.store, CITY, slotsOfDay(parseDs(ds), knownUntil))
        const here = await local.warehouse.write(statement, `parity/${ds}.parquet`)
        const there = await aws.warehouse.write(statement, `parity/${ds}.parquet`)
        expect(there.rows).toBe(here.rows)
        const left = batches(local.warehouse, await copyOf(local.store, here.key, join(folder, 'a.parquet')))
        const right = batches(local.warehouse, await copyOf(aws.store, there.key, join(folder, 'b.parquet')))
        for (;;) {
          const [a, b] = [await left.next(), await right.next()]
          expect(b.done ?? false).toBe(a.done ?? false)
          if (a.done || b.done) break
          expect(b.value.rows).toBe(a.value.rows)
          compareBatch(a.value, b.value, total)
        }
        // The file itself is the same, since one engine writes both.
        expect(there.sha256).toBe(here.sha256)
      }
      console.log('features of a week of San Francisco, DuckDB against Trino:', total)
      expect(total.rows).toBeGreaterThan(900_000)
      expect(total.differing).toBe(0)
    })
  },
)

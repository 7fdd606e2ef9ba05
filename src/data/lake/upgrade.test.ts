import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Crash,
  crashingAt,
  DAY,
  filesBelow,
  informationBody,
  stationsAt,
  statusBody,
} from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { silentReporter } from '../../core/report.ts'
import { readVersions } from './information-versions.ts'
import { LAKE_FORMAT, readLake } from './lake-info.ts'
import type { LakeParts } from './publish.ts'
import { streamStatus } from './status-day.ts'
import { MIGRATIONS, upgradeLake } from './upgrade.ts'

const TIMES = [30, 95, 400].map((s) => DAY + s)

/** A lake as format 0 had it: raw documents under keys of minutes, nothing curated. */
async function writeFormat0(platform: LocalPlatform): Promise<void> {
  const { store } = platform
  await store.put('lake.json', JSON.stringify({ city: 'test', timezone: 'America/New_York' }))
  const dt = ['2024-03-12-00-00', '2024-03-12-00-01', '2024-03-12-00-06']
  for (const [i, time] of TIMES.entries()) {
    const body = statusBody(time, { version: '1.1' })
    const prefix = `raw/station_status/city=test/dt=${dt[i]}/`
    if (i === 1) await store.put(`${prefix}data.json`, body)
    else await store.put(`${prefix}data.json.gz`, gzipSync(body))
  }
  await store.put('raw/station_status/city=test/dt=2024-03-12-00-09/data.json.gz', gzipSync('<html>'))
  await store.put(
    'raw/station_information/city=test/dt=2024-03-12-00-00/data.json.gz',
    gzipSync(informationBody(DAY + 10)),
  )
}

const upgrade = (platform: LakeParts) => upgradeLake(platform, { now: DAY + 90_000, report: silentReporter })

describe('upgrade', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  it('has a migration for every older format', () => {
    expect(MIGRATIONS.map((migration) => migration.from)).toEqual(
      Array.from({ length: LAKE_FORMAT }, (_, i) => i),
    )
  })

  it('takes every snapshot of an older lake under its own second, and keeps what was none', async () => {
    await writeFormat0(platform)
    expect(await upgrade(platform)).toMatchObject({ from: 0, to: 1, applied: [MIGRATIONS[0]?.what] })
    expect(await readLake(platform.store)).toMatchObject({ format_version: 1, city: 'test' })
    const stored = []
    for await (const { last_updated, stations } of streamStatus(platform, 'test', '2024-03-12'))
      stored.push([last_updated, stations])
    expect(stored).toEqual(TIMES.map((time) => [time, stationsAt(time)]))
    expect((await readVersions(platform, 'test')).get('s000')?.[0]?.valid_from).toBe(DAY + 10)
    const keys = Object.keys(await filesBelow(platform.root))
    expect(keys.filter((key) => /dt=\d{4}-\d\d-\d\d-\d\d-\d\d\//.test(key))).toEqual([])
    expect(
      keys.filter((key) => key.startsWith('ingest_errors/') && key.endsWith('_error.json')),
    ).toHaveLength(1)
    expect(await upgrade(platform)).toEqual({ from: 1, to: 1, applied: [] })
  })

  it('ends with the same lake, byte for byte, wherever it is killed and run again', async () => {
    await writeFormat0(platform)
    await upgrade(platform)
    const whole = await filesBelow(platform.root)
    for (let at = 0, died = true; died; at++) {
      const other = await openLocalPlatform()
      await writeFormat0(other)
      died = await upgrade(crashingAt(other, at)).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error
          return true
        },
      )
      if (died) await upgrade(other)
      expect(await filesBelow(other.root), `killed before write ${at}`).toEqual(whole)
      await other.close()
    }
  }, 60_000)

  it('refuses a newer lake, none at all and one that does not say its city', async () => {
    await expect(upgrade(platform)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await platform.store.put('lake.json', '{"format_version": 9}')
    await expect(upgrade(platform)).rejects.toMatchObject({ code: 'MISMATCH' })
    await platform.store.put('lake.json', '{"timezone": "Europe/Oslo"}')
    await expect(upgrade(platform)).rejects.toMatchObject({ code: 'CORRUPT' })
  })
})

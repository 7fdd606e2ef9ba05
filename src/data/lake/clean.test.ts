import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, filesBelow, stationsAt } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { liveStatusKey } from '../../core/keys.ts'
import { DAY_SECONDS, dtOf } from '../../core/time.ts'
import { cleanLake, type CleanOptions } from './clean.ts'
import { statusColumns } from './status-columns.ts'
import { mergeStatusDay } from './status-day.ts'

const NOW = DAY + 100 * DAY_SECONDS
const RETENTION = { raw_days: 90, datacapture_days: 30, ingest_errors_days: 60, inference_days: 95 }

describe('clean', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())
  const clean = async (more: Partial<CleanOptions> = {}) =>
    (
      await cleanLake(platform, { city: 'test', now: NOW, retention: RETENTION, dryRun: false, ...more })
    ).removed.map(({ key }) => key)
  const put = (...keys: string[]) => Promise.all(keys.map((key) => platform.store.put(key, 'x')))
  const ago = (days: number): string => dtOf(NOW - days * DAY_SECONDS)
  const slashed = (days: number): string => ago(days).slice(0, 13).replaceAll('-', '/')

  it('removes what is past its retention, and nothing else', async () => {
    await mergeStatusDay(platform, 'test', '2024-03-12', [
      { last_updated: DAY + 60, stations: stationsAt(DAY) },
    ])
    const old = [
      `datacapture/e/AllTraffic/${slashed(31)}/a.jsonl`,
      `inference/endpoint=e/city=test/ds=${ago(96).slice(0, 10)}/dt=${ago(96)}/predictions.parquet`,
      `ingest_errors/city=test/dt=${ago(61)}/abc/_error.json`,
      `raw/station_information/city=test/dt=${ago(95)}/data.json.gz`,
      `raw/station_status/city=test/dt=${dtOf(DAY + 60)}/data.json.gz`,
      `raw/weather_hourly/city=test/dt=${ago(91)}/data.json.gz`,
      'staging/station_status-test.parquet',
    ]
    const kept = [
      `datacapture/e/AllTraffic/${slashed(29)}/a.jsonl`,
      `inference/endpoint=e/city=test/ds=${ago(94).slice(0, 10)}/dt=${ago(94)}/predictions.parquet`,
      `ingest_errors/city=test/dt=${ago(59)}/abc/_error.json`,
      // The newest information, and status of a day that is not compacted: both only exist here.
      `raw/station_information/city=test/dt=${ago(92)}/data.json.gz`,
      `raw/station_status/city=test/dt=${ago(95)}/data.json.gz`,
      `raw/weather_hourly/city=test/dt=${ago(89)}/data.json.gz`,
    ]
    await put(...old, ...kept)
    const before = await filesBelow(platform.root)
    expect((await clean({ dryRun: true })).sort()).toEqual(old)
    expect(await filesBelow(platform.root)).toEqual(before)
    expect((await clean()).sort()).toEqual(old)
    const after = Object.keys(await filesBelow(platform.root))
    expect(after.filter((key) => !key.startsWith('curated/'))).toEqual(kept)
    expect(await clean()).toEqual([])
  })

  it('removes live files of compacted days that are in the day, and no others', async () => {
    const [inside, outside] = [DAY + 60, DAY + 120]
    await mergeStatusDay(platform, 'test', '2024-03-12', [
      { last_updated: inside, stations: stationsAt(inside) },
    ])
    for (const time of [inside, outside, DAY + DAY_SECONDS + 5])
      await platform.warehouse.writeRows(
        liveStatusKey('test', time),
        statusColumns([{ last_updated: time, stations: stationsAt(time) }]),
      )
    expect(await clean()).toEqual([liveStatusKey('test', inside)])
  })

  it('removes temporary files that are more than a day old', async () => {
    const folder = join(platform.root, '.tmp')
    await mkdir(folder, { recursive: true })
    for (const [name, age] of [
      ['old', 90_000],
      ['new', 3000],
    ] as const) {
      await writeFile(join(folder, name), 'x')
      await utimes(join(folder, name), NOW - age, NOW - age)
    }
    const temp = { folder, wallNow: NOW }
    expect(await clean({ temp, dryRun: true })).toEqual([join(folder, 'old')])
    expect(await clean({ temp })).toEqual([join(folder, 'old')])
    expect(await clean({ temp })).toEqual([])
  })
})

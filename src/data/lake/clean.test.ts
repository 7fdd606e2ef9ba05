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
const RETENTION = {
  raw_days: 90,
  datacapture_days: 30,
  ingest_errors_days: 60,
  inference_days: 95,
  monitoring_days: 50,
  query_results_days: 20,
  reports_days: 40,
}

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
  const version = (days: number): string => `${ago(days).slice(0, 10).replaceAll('-', '')}T000000Z-0bbc12c5`

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

  it('removes what monitoring, reports and queries wrote after their days', async () => {
    const of = (days: number): string[] => [
      `alarms/actions/ds=${ago(days).slice(0, 10)}/a.json`,
      `alarms/history/ds=${ago(days).slice(0, 10)}/a.json`,
      `monitoring/drift/endpoint=e/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/drift.json`,
      `monitoring/estimate/endpoint=e/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/estimate.json`,
      `monitoring/feed/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/feed.json`,
      `monitoring/activity/city=test/ds=${ago(days).slice(0, 10)}/activity.json`,
      `monitoring/feed_hours/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/hour.json`,
      `monitoring/quality/endpoint=e/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/quality.parquet`,
      `monitoring/received/endpoint=e/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/received.json`,
      `monitoring/skew/city=test/ds=${ago(days).slice(0, 10)}/dt=${ago(days)}/skew.json`,
      `monitoring/calibration/endpoint=e/city=test/ds=${ago(days).slice(0, 10)}/cells.json`,
    ]
    const results = (days: number): string => `athena_results/Unsaved/${slashed(days).slice(0, 10)}/a.csv`
    const report = (days: number): string => `reports/city=test/ds=${ago(days).slice(0, 10)}/report.html`
    const refused = (days: number): string => `training/g/refused/${version(days)}/report.html`
    const kept = [...of(50), results(20), report(40), refused(40)]
    await put(...of(51), results(21), report(41), refused(41), ...kept)
    const rules = (await cleanLake(platform, { city: 'test', now: NOW, retention: RETENTION, dryRun: false }))
      .rules
    expect(rules.map(({ rule, files, bytes }) => [rule, files, bytes])).toEqual(
      [
        'quality',
        'estimates',
        'drift',
        'what was received',
        'feature skew',
        'outcomes by score',
        'feed health',
        'feed by the hour',
        'station activity',
        'alarm history',
        'alarm actions',
        'query results',
        'daily reports',
        'refused models',
      ].map((rule) => [rule, 1, 1]),
    )
    expect(Object.keys(await filesBelow(platform.root)).sort()).toEqual(kept.sort())
  })

  it('never removes a baseline of a registered model, a definition or a state, however old', async () => {
    const [known, gone] = [version(500), version(501)]
    const kept = [
      `models/g/${known}/manifest.json`,
      `monitoring/baseline/g/${known}/drift.json`,
      `monitoring/baseline/g/${known}/quality.json`,
      'alarms/definitions/prod-20m-zero.json',
      'alarms/states/prod-20m-zero.json',
      'deployments/bikeshare-prod.json',
      `training/g/0123abcd/train.parquet`,
      // Nothing tells how old it is: a bucket's own rule goes by the object's age.
      'athena_results/4f1c.csv',
    ]
    const orphan = `monitoring/baseline/g/${gone}/drift.json`
    await put(...kept, orphan)
    expect(await clean()).toEqual([orphan])
    expect(Object.keys(await filesBelow(platform.root)).sort()).toEqual(kept.sort())
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

  it('removes temporary files after a day, and what a stopped training left after a week', async () => {
    const temp = join(platform.root, '.tmp')
    const training = join(platform.root, 'training')
    const files = [
      [join(temp, 'old'), 90_000],
      [join(temp, 'new'), 3000],
      [join(training, 'g', 'old', 'train.parquet'), 8 * DAY_SECONDS],
      [join(training, 'g', 'under-way', 'train.parquet'), 8 * DAY_SECONDS],
      [join(training, 'g', 'under-way', 'checkpoint'), 60],
      [join(training, 'g', 'refused', 'report.html'), 30 * DAY_SECONDS],
    ] as const
    const aged = async (path: string, age: number) => utimes(path, NOW - age, NOW - age)
    for (const [path, age] of files) {
      await mkdir(join(path, '..'), { recursive: true })
      await writeFile(path, 'x')
      await aged(path, age)
    }
    await aged(join(training, 'g', 'old'), 8 * DAY_SECONDS)
    const local = {
      folders: [
        { rule: 'temporary files' as const, folder: temp },
        { rule: 'stopped trainings' as const, folder: training },
      ],
      wallNow: NOW,
    }
    const stale = [join(temp, 'old'), join(training, 'g', 'old')]
    expect(await clean({ local, dryRun: true })).toEqual(stale)
    expect(await clean({ local })).toEqual(stale)
    expect(await clean({ local })).toEqual([])
    expect(Object.keys(await filesBelow(training))).toHaveLength(3)
  })
})

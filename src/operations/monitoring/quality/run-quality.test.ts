import { cp } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Crash, crashingAt, filesBelow } from '../../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import {
  CITY,
  fillQualityLake,
  predictionsOf,
  START,
  STATIONS,
  TIMEZONE,
  writePredictions,
  writeSnapshot,
} from '../../../../test/support/quality-lake.ts'
import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { predictionsKey, qualityKey } from '../../../core/keys.ts'
import { silentReporter } from '../../../core/report.ts'
import { createLake } from '../../../data/lake/lake-info.ts'
import { scorePredictions } from '../../../model/prediction/score-predictions.ts'
import { backfillQuality } from './backfill-quality.ts'
import { FEWEST_BATCHES, qualityData } from './quality-metrics.ts'
import { readQuality } from './read-quality.ts'
import { type QualityRun, runQuality } from './run-quality.ts'
import { openQualityWindow, type QualityWindow } from './window.ts'

const ENDPOINT = 'bikeshare-prod'
const OTHER = 'bikeshare-staging'

describe('the quality of a batch', () => {
  let platform: LocalPlatform
  let put: MetricDatum[]

  /** Three hours of one endpoint and of two, copied for each test. */
  const filled = new Map<string, LocalPlatform>()
  beforeAll(async () => {
    for (const [name, endpoints] of [
      ['one', [ENDPOINT]],
      ['two', [ENDPOINT, OTHER]],
    ] as const) {
      const lake = await openLocalPlatform()
      await fillQualityLake(lake, { hours: 3, endpoints })
      filled.set(name, lake)
    }
  })
  afterAll(async () => {
    for (const lake of filled.values()) await lake.close()
  })
  beforeEach(async () => {
    platform = await openLocalPlatform()
    put = []
  })
  afterEach(() => platform.close())

  const threeHours = (name: 'one' | 'two' = 'one'): Promise<void> =>
    cp(filled.get(name)?.root ?? '', platform.root, { recursive: true })
  const run = (at: number, window?: QualityWindow, on = platform): Promise<QualityRun> =>
    runQuality(
      {
        store: on.store,
        warehouse: on.warehouse,
        metrics: { putMetricData: async (_namespace, data) => void put.push(...data) },
      },
      {
        city: CITY,
        timezone: TIMEZONE,
        at,
        now: at + 60,
        namespace: 'N',
        live: true,
        ...(window && { window }),
      },
    )
  const published = (at: number) =>
    readQuality(platform, { city: CITY, endpoint: ENDPOINT, from: at, to: at })
  const all = async (at: number) => (await published(at))[0]?.rows.find(({ kind }) => kind === 'all')

  it('is what scoring the same predictions by themselves gives', async () => {
    await threeHours('two')
    const at = START + 3 * 3600
    await run(at)
    const { evaluation, rows } = await scorePredictions(platform, {
      city: CITY,
      endpoint: ENDPOINT,
      from: at - 86_400 - 1800 + 600,
      until: at - 1800 + 1,
    })
    expect(rows).toBe(16 * STATIONS)
    const { pr_auc, onset_pr_auc, persistence_pr_auc, brier, calibration_error, f1, confusion } = evaluation
    expect(await all(at)).toMatchObject({
      samples: rows,
      batches: 16,
      unlabelled: 0,
      pr_auc,
      onset_pr_auc,
      persistence_pr_auc,
      brier,
      calibration_error,
      f1,
      ...confusion,
      hit_rate: (confusion.tp + confusion.fp) / rows,
    })
  })

  it('is the same to the last bit from a window that was kept and from a new one, whatever came late', async () => {
    await fillQualityLake(platform, { hours: 30, endpoints: [ENDPOINT], step: 3600 })
    const window = openQualityWindow()
    const late = START + 26 * 3600 + 1800
    for (let at = START + 24 * 3600; at <= START + 30 * 3600; at += 1800) {
      // Half an hour, then three hours after the batch whose outcome it tells.
      if (at === late + 1800) await writeSnapshot(platform, late - 10, 3)
      if (at === late + 9000) await writeSnapshot(platform, late - 3600 - 5, 4)
      if (at === late + 3600) await writePredictions(platform, OTHER, late, predictionsOf(OTHER, late))
      const digest = (of: QualityRun): unknown =>
        of.views.map((view) => view.windowAt(at).blocks.map((block) => [block.slot, block.digest]))
      const kept = await run(at, window)
      expect(digest(kept)).toEqual(digest(await run(at)))
    }
  })

  it('says by variant, version, local hour and station size what their own rows say', async () => {
    await threeHours()
    const { endpoints } = await run(START + 3 * 3600)
    const rows = endpoints[0]?.rows ?? []
    const samples = (kind: string) =>
      Object.fromEntries(rows.filter((row) => row.kind === kind).map((row) => [row.name, row.samples]))
    expect(samples('variant')).toEqual({ Baseline: 160, Candidate: 160 })
    expect(samples('version')).toEqual({ v1: 160, v2: 160 })
    // 12:00 to 14:30 UTC.
    expect(samples('hour')).toEqual({ '08': 120, '09': 120, '10': 80 })
    // Capacities 10, 20 and 30, of 7, 7 and 6 stations.
    expect(samples('group')).toEqual({ small: 112, medium: 112, large: 96 })
    expect(rows.find(({ kind }) => kind === 'all')?.model_version).toBeNull()
    expect(rows.find(({ name }) => name === 'medium')).toMatchObject({ capacity_min: 11, capacity_max: 20 })
  })

  it('is published once, and again only as a revision when a late snapshot changed it', async () => {
    await threeHours()
    const window = openQualityWindow()
    const first = START + 3 * 3600 - 1200
    for (let at = first; at <= first + 1200; at += 600) await run(at, window)
    const before = await all(first)
    const putBefore = put.length
    await writeSnapshot(platform, first - 5, 9)
    const { endpoints } = await run(first + 1200, window)
    expect(endpoints[0]).toMatchObject({
      published: false,
      revised: [first, first + 600, first + 1200],
    })
    const [now] = await published(first)
    expect(now?.revision).toBe(1)
    expect(now?.first.find(({ kind }) => kind === 'all')).toEqual(before)
    expect(now?.rows.find(({ kind }) => kind === 'all')?.positives).toBeLessThan(before?.positives ?? 0)
    // What was put is put again as it was, never as revised.
    const times = new Set(put.slice(putBefore).map(({ Timestamp }) => Timestamp))
    expect([...times]).toEqual([first + 1200])
    expect(put.slice(putBefore)).toEqual(put.slice(putBefore - (put.length - putBefore), putBefore))
  })

  it('leaves figures that were published more than two hours ago', async () => {
    await threeHours()
    const window = openQualityWindow()
    const first = START + 3600
    await run(first, window)
    await writeSnapshot(platform, first - 5, 9)
    const { endpoints } = await run(first + 7200, window)
    expect(endpoints[0]?.revised).toEqual([])
    expect((await published(first))[0]?.revision).toBe(0)
  })

  it('changes nothing when it is run again, in the lake or in the metrics', async () => {
    await threeHours('two')
    const at = START + 3 * 3600
    await run(at)
    const [files, data] = [await filesBelow(platform.root), put]
    put = []
    await run(at)
    expect(await filesBelow(platform.root)).toEqual(files)
    expect(put).toEqual(data)
  })

  it('comes to the same when it was killed at any write and run again', async () => {
    await threeHours('two')
    const at = START + 3 * 3600
    for (let write = 0; write < 2; write++) {
      await expect(run(at, undefined, crashingAt(platform, write))).rejects.toThrow(Crash)
      expect(put).toEqual([])
    }
    const { endpoints } = await run(at)
    expect(endpoints.map(({ rows }) => rows[0]?.samples)).toEqual([16 * STATIONS, 16 * STATIONS])
    expect(put.filter(({ MetricName }) => MetricName === 'Samples-24h')).toHaveLength(6)
  })

  it('puts figures from 16 hours of batches on, and only samples before', async () => {
    await threeHours()
    const { endpoints } = await run(START + 3 * 3600)
    expect(new Set(put.map(({ MetricName }) => MetricName))).toEqual(new Set(['Samples-24h']))
    const rows = endpoints[0]?.rows.map((row) => ({ ...row, batches: FEWEST_BATCHES })) ?? []
    const areas = qualityData(rows).filter(({ MetricName }) => MetricName === 'PR-AUC-24h')
    expect(areas.map(({ Dimensions }) => Dimensions)).toEqual([
      { EndpointName: ENDPOINT, City: CITY },
      { EndpointName: ENDPOINT, City: CITY, VariantName: 'Baseline' },
      { EndpointName: ENDPOINT, City: CITY, VariantName: 'Candidate' },
    ])
  })

  it('counts no prediction that was made after the fact', async () => {
    await threeHours()
    await writePredictions(
      platform,
      ENDPOINT,
      START + 600,
      predictionsOf(ENDPOINT, START + 600, () => ({ backfilled: true })),
    )
    await run(START + 3 * 3600)
    expect(await all(START + 3 * 3600)).toMatchObject({ samples: 15 * STATIONS, batches: 15 })
  })

  it('sets aside rows that contradict themselves, with the reason, and goes on', async () => {
    await threeHours()
    const slot = START + 600
    const made = predictionsOf(ENDPOINT, slot, (prediction, station) =>
      station === 3 ? { stockout: !prediction.stockout } : station === 4 ? { score: 1.5 } : {},
    )
    const [a, b] = [made[0], made[1]]
    if (!a || !b) throw new Error('there are 20')
    await writePredictions(platform, ENDPOINT, slot, [...made, a, { ...b, count_now: b.count_now + 1 }])
    const { endpoints } = await run(START + 3 * 3600)
    const aside = endpoints[0]?.rows.filter(({ kind }) => kind === 'set_aside')
    expect(Object.fromEntries(aside?.map(({ name, unlabelled }) => [name, unlabelled]) ?? [])).toEqual({
      conflicting_predictions: 2,
      contradicts_its_threshold: 1,
      duplicate: 1,
      malformed: 1,
    })
    expect(endpoints[0]?.rows[0]?.samples).toBe(16 * STATIONS - 3)
  })

  it('takes no outcome from snapshots that say two things of a station', async () => {
    await threeHours()
    const due = START + 3600 - 30
    const key = `curated/station_status_live/city=${CITY}/ds=2024-05-14/2024-05-14-12-59-30.parquet`
    const body = (await platform.store.get(key))?.body
    if (!body) throw new Error('there is a snapshot every ten minutes')
    await writeSnapshot(platform, due, 7)
    await platform.store.put(key.replace('.parquet', '-copy.parquet'), body)
    const { endpoints } = await run(START + 3 * 3600)
    const [row] = endpoints[0]?.rows.filter(({ kind }) => kind === 'set_aside') ?? []
    expect(row).toMatchObject({ name: 'conflicting_outcomes', unlabelled: STATIONS })
  })

  it('counts predictions whose outcome did not come, and judges the rest', async () => {
    await threeHours()
    const at = START + 3 * 3600
    for (const due of [at - 600, at, at - 1200])
      await platform.store.delete(
        `curated/station_status_live/city=${CITY}/ds=2024-05-14/${new Date((due - 30) * 1000)
          .toISOString()
          .slice(0, 19)
          .replaceAll(/[T:]/g, '-')}.parquet`,
      )
    await run(at)
    // The snapshot of 14:29:30 is too old for 14:50 and 15:00, not for 14:40.
    expect(await all(at)).toMatchObject({ samples: 14 * STATIONS, unlabelled: 2 * STATIONS, batches: 14 })
  })

  it('refuses a time that is no batch, and one that is yet to come', async () => {
    await expect(run(START + 1)).rejects.toThrow(/is not a batch/)
    await expect(
      runQuality(platform, {
        city: CITY,
        timezone: TIMEZONE,
        at: START,
        now: START - 1,
        namespace: 'N',
        live: false,
      }),
    ).rejects.toThrow(/is not a batch/)
  })

  it('is filled in for the past without metrics, and goes on where it was ended', async () => {
    await createLake(platform.store, {
      city: CITY,
      timezone: TIMEZONE,
      country: null,
      system_name: null,
      feed_url: null,
      virtual_now: null,
    })
    await threeHours()
    const range = { city: CITY, from: START + 3000, to: START + 3 * 3600, report: silentReporter }
    await run(START + 3600)
    const stop = new AbortController()
    stop.abort()
    await expect(backfillQuality(platform, { ...range, signal: stop.signal })).rejects.toThrow(
      /ended on request/,
    )
    const { signal } = new AbortController()
    expect(await backfillQuality(platform, { ...range, signal })).toEqual({ batches: 14, partitions: 13 })
    expect(await backfillQuality(platform, { ...range, signal })).toEqual({ batches: 14, partitions: 0 })
    expect(await platform.metrics.listMetrics()).toEqual([])
    expect(await platform.store.get(qualityKey(ENDPOINT, CITY, START + 3000))).toBeDefined()
    expect(await platform.store.get(predictionsKey(ENDPOINT, CITY, START + 3000))).toBeDefined()
  })
})

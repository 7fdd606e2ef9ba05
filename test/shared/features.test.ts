import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES, TARGETS, type Target } from '../../src/core/contracts/features.ts'
import { silentReporter } from '../../src/core/report.ts'
import { dsOf, parseTime, SLOT_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { evaluationRowsStatement } from '../../src/data/features/model-rows.ts'
import { onlineFeatures } from '../../src/data/features/online.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { evaluate } from '../../src/model/evaluation/metrics.ts'
import { persistenceScores } from '../../src/model/evaluation/persistence.ts'
import type { Evaluation } from '../../src/core/contracts/manifest.ts'
import type { FeatureRow } from '../support/feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

const RECORDINGS = {
  sf: {
    city: 'sf',
    status: [join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet')],
    information: [join(SHARED_DATA, 'sf_information.parquet')],
    timezone: 'America/Los_Angeles',
    country: 'US',
  },
  nyc: {
    city: 'nyc',
    status: [join(SHARED_DATA, 'nyc_status.parquet')],
    information: [join(SHARED_DATA, 'nyc_information.parquet')],
    weather: [join(SHARED_DATA, 'nyc_weather.csv')],
    timezone: 'America/New_York',
    country: 'US',
  },
} as const

/** Share of rows at 2 or fewer, and of onset rows that are there after 30 minutes. */
interface Shares {
  readonly low: number
  readonly newly: number
}

async function rowsOf(
  platform: LocalPlatform,
  city: string,
  target: Target,
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<{ labels: Uint8Array; counts: Int32Array }> {
  const [labels, counts]: [number[], number[]] = [[], []]
  for await (const { columns } of platform.warehouse.stream(
    evaluationRowsStatement({ city, target, from, until }),
  )) {
    labels.push(...Array.from(columns['label'] ?? [], Number))
    counts.push(...Array.from(columns['count'] ?? [], Number))
  }
  return { labels: Uint8Array.from(labels), counts: Int32Array.from(counts) }
}

function sharesOf({ labels, counts }: { labels: Uint8Array; counts: Int32Array }): Shares {
  const onset = labels.filter((_, i) => (counts[i] ?? 0) > 2)
  return {
    low: 1 - onset.length / counts.length,
    newly: onset.reduce((sum, label) => sum + label, 0) / onset.length,
  }
}

/** Of persistence, as if it were a model. */
async function persistenceOn(
  platform: LocalPlatform,
  target: Target,
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<Evaluation> {
  const { labels, counts } = await rowsOf(platform, 'sf', target, from, until)
  return evaluate({ labels, counts, scores: persistenceScores(counts), threshold: 0.5 })
}

describe('features of the recordings', () => {
  let sf: LocalPlatform
  let nyc: LocalPlatform
  beforeAll(async () => {
    sf = await openLocalPlatform()
    nyc = await openLocalPlatform()
    await importRecording(sf, { ...RECORDINGS.sf, report: silentReporter })
    await importRecording(nyc, { ...RECORDINGS.nyc, report: silentReporter })
  })
  afterAll(async () => {
    await sf.close()
    await nyc.close()
  })

  it('of San Francisco: every day passes its checks, 5.9 million rows of 518 stations', async () => {
    const { days } = await buildFeatures(sf, { ...RECORDINGS.sf, report: silentReporter })
    expect(days).toHaveLength(42)
    expect(days.every(({ built }) => built)).toBe(true)
    const [all] = await sf.warehouse.rows<Record<string, number>>({
      name: 'rows',
      sql: `select count(*) as row_count, count(distinct slot) as slots, count(distinct station_id) as stations,
        min(slot) as first_slot, max(slot) as last_slot from features`,
      tables: { features: { dataset: 'features', city: 'sf', dsFrom: '2023-04-01', dsTo: '2023-05-31' } },
    })
    expect(all).toEqual({
      row_count: 5_934_584,
      slots: 11_508,
      stations: 518,
      first_slot: 1_680_481_500,
      last_slot: 1_684_108_500,
    })
  })

  it('of New York: every day passes its checks, 5.2 million rows of 2,212 stations, with weather', async () => {
    const { days } = await buildFeatures(nyc, { ...RECORDINGS.nyc, report: silentReporter })
    expect(days).toHaveLength(12)
    const [all] = await nyc.warehouse.rows<Record<string, number>>({
      name: 'rows',
      sql: `select count(*) as row_count, count(distinct station_id) as stations, count(temp_c) as with_weather
        from features`,
      tables: { features: { dataset: 'features', city: 'nyc', dsFrom: '2024-03-01', dsTo: '2024-03-31' } },
    })
    expect(all?.['stations']).toBe(2212)
    expect(all?.['row_count']).toBeGreaterThan(5_100_000)
    expect(all?.['with_weather']).toBe(all?.['row_count'])
  })

  it('have the shares of low and newly low stations that the recordings are known for', async () => {
    const always = [parseTime('2023-01-01'), parseTime('2024-12-31')] as const
    const san = sharesOf(await rowsOf(sf, 'sf', 'bikes', ...always))
    const york = sharesOf(await rowsOf(nyc, 'nyc', 'bikes', ...always))
    console.log('share at 2 bikes or fewer, newly so after 30 min', { san, york })
    expect(san.low).toBeCloseTo(0.095, 3)
    expect(Math.abs(san.newly - 0.0062)).toBeLessThan(0.0005)
    expect(york.low).toBeCloseTo(0.129, 2)
    expect(Math.abs(york.newly - 0.018)).toBeLessThan(0.003)
  })

  it('give persistence the scores it is known to have on the last fifth of San Francisco', async () => {
    const [first, last] = [1_680_481_500, 1_684_108_500]
    const from = last - (last - first) / 5
    const known = {
      bikes: { rows: 571_000, onset: 515_900, positives: 3174, all: 0.947, onsets: 0.077 },
      docks: { rows: 571_000, onset: 514_100, positives: 3303, all: 0.941, onsets: 0.072 },
    }
    for (const target of TARGETS) {
      const found = await persistenceOn(sf, target, from, last + SLOT_SECONDS)
      const { rows, onset, positives, all, onsets } = known[target]
      console.log(
        `${target}: ${found.rows} rows, ${found.onset_rows} onset rows, ${found.onset_positives} positives,` +
          ` PR-AUC ${found.pr_auc?.toFixed(4)}, on onsets ${found.onset_pr_auc?.toFixed(4)}`,
      )
      expect(Math.abs(found.rows / rows - 1)).toBeLessThan(0.005)
      expect(Math.abs(found.onset_rows / onset - 1)).toBeLessThan(0.005)
      expect(Math.abs(found.onset_positives - positives)).toBeLessThan(10)
      expect(found.pr_auc).toBeCloseTo(all, 3)
      expect(found.onset_pr_auc).toBeCloseTo(onsets, 3)
    }
  })

  it('are online what they are offline, bit for bit, in both cities', async () => {
    const slots = {
      sf: ['2023-04-05T00:00:00Z', '2023-04-20T16:30:00Z', '2023-05-01T00:50:00Z', '2023-05-14T06:00:00Z'],
      nyc: ['2024-03-14T00:10:00Z', '2024-03-16T12:00:00Z', '2024-03-20T23:50:00Z'],
    }
    let pairs = 0
    for (const [platform, recording] of [
      [sf, RECORDINGS.sf],
      [nyc, RECORDINGS.nyc],
    ] as const) {
      for (const time of slots[recording.city]) {
        const slot = parseTime(time)
        const offline = await platform.warehouse.rows<FeatureRow>({
          name: 'offline',
          sql: 'select * from features where slot = $slot order by station_id',
          tables: {
            features: { dataset: 'features', city: recording.city, dsFrom: dsOf(slot), dsTo: dsOf(slot) },
          },
          params: { slot },
        })
        const online = await onlineFeatures(platform, { ...recording, slot })
        expect(online.stationIds).toEqual(offline.map((row) => row['station_id']))
        const expected = offline.flatMap((row) =>
          FEATURE_NAMES.map((name) => Number(row[name] ?? Number.NaN)),
        )
        expect(online.features).toEqual(Float32Array.from(expected))
        pairs += offline.length
      }
    }
    expect(pairs).toBeGreaterThan(5000)
  })
})

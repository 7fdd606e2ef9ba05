import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import { CITY, cityStatus, SLOT, writeCity } from '../../../../test/support/serving-platform.ts'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import { liveStatusKey, predictionsKey } from '../../../core/keys.ts'
import { HOUR_SECONDS } from '../../../core/time.ts'
import { onlineFeatures } from '../../../data/features/online.ts'
import { putManifest } from '../../../data/lake/raw.ts'
import { featureTexts } from '../../../model/prediction/feature-text.ts'
import { skewHour, type BatchSkew } from './skew-hour.ts'

const STATIONS = 12
const ZONE = { city: CITY, timezone: 'America/Toronto', country: 'CA' } as const
const MADE = SLOT + 5
const END = SLOT + HOUR_SECONDS

describe('skew of an hour', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
    await writeCity(platform, STATIONS)
    await predict()
  })
  afterEach(() => platform.close())

  /** Predictions from the lake's features as they are now. */
  const predict = async (): Promise<void> => {
    const { stationIds, features } = await onlineFeatures(platform, { ...ZONE, slot: SLOT })
    const texts = featureTexts(features)
    const rows = stationIds.map((station_id, row) => ({
      city: CITY,
      endpoint: 'e',
      target: 'bikes',
      slot: SLOT,
      dt: '',
      station_id,
      count_now: 1,
      score: 0.5,
      threshold: 0.5,
      stockout: true,
      variant: 'AllTraffic',
      model_version: 'v',
      features_hash: texts.hash(row),
      inference_id: 'i',
      shuffle_seed: 1,
      made_at: MADE,
      backfilled: false,
    }))
    await platform.warehouse.writeRows(
      predictionsKey('e', CITY, SLOT),
      TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
        name,
        type,
        values: rows.map((row) => (row as Readonly<Record<string, string | number | boolean>>)[name] ?? null),
      })),
    )
  }
  /** A snapshot of five seconds before the slot, with one bike more everywhere. */
  const lateSnapshot = async (): Promise<void> => {
    const at = SLOT - 5
    const rows = cityStatus(STATIONS)
      .filter((row) => row.last_updated === SLOT - 20)
      .map((row) => ({
        ...row,
        last_updated: at,
        num_bikes_available: row.num_bikes_available + 1,
        num_ebikes_available: null,
        last_reported: at,
      }))
    await platform.warehouse.writeRows(
      liveStatusKey(CITY, at),
      TABLE_SCHEMAS.station_status_live.map(({ name, type }) => ({
        name,
        type,
        values: rows.map(
          (row) => (row as Readonly<Record<string, string | number | boolean | null>>)[name] ?? null,
        ),
      })),
    )
  }
  const fetched = async (at: number, fetched_at: number): Promise<void> => {
    const content = { content_sha256: '', version: '2.3', stations: STATIONS, quarantined: [] }
    const id = { feed: 'station_status', city: CITY, at } as const
    await putManifest(platform.store, id, new Uint8Array(), { source_url: 'http://x', fetched_at }, content)
  }
  const skew = (): Promise<readonly BatchSkew[]> => skewHour(platform, ZONE, END)
  const batch = { endpoint: 'e', slot: SLOT, predictions: STATIONS }

  it('is none when predictions were made from what the lake has', async () => {
    expect(await skew()).toEqual([{ ...batch, skewed: 0 }])
  })

  it('is of every prediction that another state was sent for', async () => {
    await lateSnapshot()
    expect(await skew()).toEqual([{ ...batch, skewed: STATIONS }])
  })

  it('is none where that state had not been fetched yet', async () => {
    await fetched(SLOT - 20, SLOT - 15)
    await fetched(SLOT - 5, SLOT + 40)
    await lateSnapshot()
    expect(await skew()).toEqual([{ ...batch, skewed: 0 }])
  })

  it('is kept as it was found, and looked for again where nothing was predicted', async () => {
    expect(await skewHour(platform, ZONE, SLOT)).toEqual([])
    const found = await skew()
    await lateSnapshot()
    expect(await skew()).toEqual(found)
  })
})

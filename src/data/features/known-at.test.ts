import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { statusBody } from '../../../test/support/lake-fixtures.ts'
import type { RawFeed } from '../../core/keys.ts'
import { putManifest } from '../lake/raw.ts'
import { knownAt } from './known-at.ts'

const SLOT = 1_715_688_000
const MADE = SLOT + 5
const HOUR = 3600

describe('what was known when a prediction was made', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  const fetched = async (feed: RawFeed, at: number, fetched_at: number): Promise<void> => {
    const content = { content_sha256: '', version: '2.3', stations: 1, quarantined: [] }
    await putManifest(
      platform.store,
      { feed, city: 'c', at },
      statusBody(at),
      { source_url: 'http://x', fetched_at },
      content,
    )
  }
  const known = (): Promise<unknown> => knownAt(platform.store, 'c', SLOT, MADE)

  it('is all there is in a lake without raw documents', async () => {
    expect(await known()).toEqual([{ statusUntil: SLOT, weatherUntil: MADE }])
  })

  it('leaves out a snapshot of before the slot that was fetched after the prediction', async () => {
    await fetched('station_status', SLOT - 120, SLOT - 70)
    await fetched('station_status', SLOT - 60, SLOT + 20)
    expect(await known()).toEqual([{ statusUntil: SLOT - 120, weatherUntil: MADE }])
  })

  it('has a second answer where the newest document had only just been fetched', async () => {
    await fetched('station_status', SLOT - 120, SLOT - 70)
    await fetched('station_status', SLOT - 60, SLOT)
    await fetched('weather_hourly', SLOT - HOUR, SLOT - HOUR)
    await fetched('weather_hourly', SLOT + 2, SLOT + 2)
    expect(await known()).toEqual([
      { statusUntil: SLOT - 60, weatherUntil: SLOT + 2 },
      { statusUntil: SLOT - 60, weatherUntil: SLOT - HOUR },
      { statusUntil: SLOT - 120, weatherUntil: SLOT + 2 },
      { statusUntil: SLOT - 120, weatherUntil: SLOT - HOUR },
    ])
  })

  it('is no state at all when every snapshot came too late', async () => {
    await fetched('station_status', SLOT - 60, SLOT + 20)
    expect(await known()).toEqual([{ statusUntil: SLOT - 900, weatherUntil: MADE }])
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Crash,
  crashingAt,
  DAY,
  filesBelow,
  stationsAt,
  statusBody,
} from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { dayKey, liveStatusKey } from '../../core/keys.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { parseStatus } from '../gbfs/normalise.ts'
import { compactDays } from './compact.ts'
import type { LakeParts } from './publish.ts'
import { statusColumns } from './status-columns.ts'
import { streamStatus } from './status-day.ts'
import { storeStatus } from './store-status.ts'

const TIMES = [600, 1200, 1800, 86_000].map((s) => DAY + s)
const NEXT_DAY = DAY + DAY_SECONDS
const DS = '2024-03-12'

async function store(platform: LakeParts, time: EpochSeconds): Promise<void> {
  const body = statusBody(time)
  const origin = { source_url: 'https://example.org/station_status.json', fetched_at: time + 10 }
  await storeStatus(platform, { city: 'test', body, snapshot: parseStatus(body), origin })
}

async function timesOf(platform: LakeParts): Promise<EpochSeconds[]> {
  const times: EpochSeconds[] = []
  for await (const { last_updated, stations } of streamStatus(platform, 'test', DS)) {
    expect(stations).toEqual(stationsAt(last_updated))
    times.push(last_updated)
  }
  return times
}

const compact = (platform: LakeParts, before: EpochSeconds = NEXT_DAY) =>
  compactDays(platform, { city: 'test', before, report: silentReporter })

describe('compaction', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
    for (const time of TIMES) await store(platform, time)
  })
  afterEach(() => platform.close())

  it('makes one file of a closed day, with the same rows, and leaves open days alone', async () => {
    await store(platform, NEXT_DAY + 60)
    const before = await timesOf(platform)
    expect(await compact(platform, NEXT_DAY - 1)).toEqual([])
    expect(await compact(platform)).toEqual([{ ds: DS, snapshots: 4 }])
    expect(await timesOf(platform)).toEqual(before)
    const curated = Object.keys(await filesBelow(platform.root)).filter((key) => key.startsWith('curated/'))
    expect(curated).toEqual([dayKey('station_status', 'test', DS), liveStatusKey('test', NEXT_DAY + 60)])
    expect(await compact(platform)).toEqual([])
  })

  it('gives the same bytes in whatever order and number of steps the snapshots came', async () => {
    await compact(platform)
    const other = await openLocalPlatform()
    await store(other, TIMES[3] ?? 0)
    await store(other, TIMES[1] ?? 0)
    await compact(other)
    await store(other, TIMES[2] ?? 0)
    await store(other, TIMES[0] ?? 0)
    expect(await filesBelow(other.root, /views/)).toEqual(await filesBelow(platform.root, /views/))
    await other.close()
  })

  it('ends with the same lake, byte for byte, wherever it is killed and run again', async () => {
    const fill = async (): Promise<LocalPlatform> => {
      const other = await openLocalPlatform()
      for (const time of TIMES) await store(other, time)
      return other
    }
    await compact(platform)
    const whole = await filesBelow(platform.root)
    for (let at = 0, died = true; died; at++) {
      const other = await fill()
      died = await compact(crashingAt(other, at)).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error
          return true
        },
      )
      expect(await timesOf(other), `after a kill before write ${at}`).toEqual(TIMES)
      await compact(other)
      expect(await filesBelow(other.root), `killed before write ${at}`).toEqual(whole)
      await other.close()
    }
  }, 60_000)

  it('takes in a live file that appears while the day is compacted', async () => {
    const late = DAY + 2400
    let pending = true
    const meddled: LakeParts = {
      ...platform,
      store: {
        ...platform.store,
        put: async (key, body, options) => {
          if (pending && key === dayKey('station_status', 'test', DS)) {
            pending = false
            await store(platform, late)
          }
          return platform.store.put(key, body, options)
        },
      },
    }
    await compact(meddled)
    expect(await timesOf(platform)).toEqual([...TIMES.slice(0, 3), late, ...TIMES.slice(3)])
    const live = Object.keys(await filesBelow(platform.root)).filter((key) => key.includes('_live/'))
    expect(live).toEqual([])
  })

  it('takes in a snapshot whose curated file a kill prevented', async () => {
    const other = await openLocalPlatform()
    await store(other, TIMES[0] ?? 0)
    await other.store.delete(liveStatusKey('test', TIMES[0] ?? 0))
    await store(other, TIMES[1] ?? 0)
    await compact(other)
    expect(await timesOf(other)).toEqual(TIMES.slice(0, 2))
    await other.close()
  })

  it('lets two compactions and a late snapshot run at the same time', async () => {
    const second = await openLocalPlatform(platform.root)
    const late = DAY + 3000
    await Promise.all([compact(platform), compact(second), store(second, late)])
    await compact(platform)
    expect(await timesOf(platform)).toEqual([...TIMES.slice(0, 3), late, ...TIMES.slice(3)])
    await second.close()
  })

  it('keeps a live file that came after its day and has no raw document, and says so', async () => {
    await compact(platform)
    const orphan = DAY + 5000
    const columns = statusColumns([{ last_updated: orphan, stations: stationsAt(orphan) }])
    await platform.warehouse.writeRows(liveStatusKey('test', orphan), columns)
    const warnings: string[] = []
    const report = { ...silentReporter, warn: (message: string) => void warnings.push(message) }
    await compactDays(platform, { city: 'test', before: NEXT_DAY, report })
    expect(warnings).toHaveLength(1)
    expect(await platform.store.get(liveStatusKey('test', orphan))).toBeDefined()
  })
})

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CITY,
  ENDPOINT,
  MIDNIGHT,
  NAMESPACE,
  openOperationsPlatform,
  publishBatch,
  writeStates,
  ZONE,
  type OperationsPlatform,
} from '../../../test/support/operations-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { DAY_SECONDS } from '../../core/time.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import type { DayReport } from './day-report.ts'
import { writeDailyReport } from './write-daily-report.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const DS = '2024-05-14'
const HOSTILE = '<script>alert(1)</script>'
const time = (minutes: number): number => MIDNIGHT + minutes * 60

describe('the report of a day', () => {
  let platform: OperationsPlatform
  beforeEach(async () => {
    platform = await openOperationsPlatform(scorer)
  })
  afterEach(() => platform.close())

  const write = (now = MIDNIGHT + DAY_SECONDS) =>
    writeDailyReport(platform, { city: CITY, ds: DS, timezone: ZONE, now, namespace: NAMESPACE })
  const textAt = async (key: string): Promise<string> =>
    new TextDecoder().decode((await platform.store.get(key))?.body)

  /** Two hours, with a hole of 40 minutes after the first: station a runs short and is warned of, b is not, c is and does not. */
  async function fill(): Promise<void> {
    const states = [-10, 0, 10, 20, 30, 40, 50, 60, 100, 110, 120].map((minutes) => ({
      at: time(minutes),
      bikes: { a: minutes >= 40 ? 1 : 6, b: minutes >= 60 ? 2 : 5, c: 8, d: 0 },
    }))
    await writeStates(platform, states, { a: HOSTILE, b: 'B & Sons' })
    for (const minutes of [0, 10, 20, 30, 40, 50])
      await publishBatch(platform, time(minutes), {
        a: [minutes >= 40 ? 1 : 6, true],
        b: [5, false],
        c: [8, minutes === 20],
        d: [0, true],
      })
  }

  it('says what happened, what was caught, what was missed and which warnings were false', async () => {
    await fill()
    const { report } = await write()
    const { happened, endpoints, gaps } = report
    // What changed in the hole is not counted, and a half hour without two snapshots near each other is not there.
    expect(
      happened.moves.map(({ half_hour, taken, returned }) => [(half_hour - MIDNIGHT) / 60, taken, returned]),
    ).toEqual([
      [0, 0, 0],
      [30, 8, 0],
      [90, 0, 0],
    ])
    expect(happened.short.bikes).toMatchObject({
      stations: 3,
      worst: [
        { station_id: 'd', minutes: 100 },
        { station_id: 'a', name: HOSTILE, minutes: 60 },
        { station_id: 'b', minutes: 40 },
      ],
    })
    expect(happened.slots).toHaveLength(10)
    expect(endpoints).toHaveLength(1)
    expect(endpoints[0]?.warnings.endpoint).toBe(ENDPOINT)
    expect(
      endpoints[0]?.warnings.episodes.map(({ station_id, kind, lead_minutes }) => [
        station_id,
        kind,
        lead_minutes,
      ]),
    ).toEqual([
      ['a', 'caught', 40],
      ['b', 'missed', null],
      ['c', 'false', null],
    ])
    expect(gaps.map(({ from, to }) => [(from - MIDNIGHT + 20) / 60, (to - MIDNIGHT) / 60])).toEqual([
      [60, 100 - 1 / 3],
      [120, 24 * 60],
    ])
  })

  it('is two files with the same bytes as long as the lake does not change', async () => {
    await fill()
    const { keys, report } = await write()
    expect(keys).toEqual({
      html: `reports/city=${CITY}/ds=${DS}/report.html`,
      json: `reports/city=${CITY}/ds=${DS}/report.json`,
    })
    const [html, json] = [await textAt(keys.html), await textAt(keys.json)]
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)) as DayReport)
    await write()
    expect(await textAt(keys.html)).toBe(html)
    expect(await textAt(keys.json)).toBe(json)
  })

  it('is one page that loads nothing, follows both schemes, and shows hostile names as text', async () => {
    await fill()
    const page = await textAt((await write()).keys.html)
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|\bsrc=|\bhref=|NaN|undefined/)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('B &amp; Sons')
    expect(page).toContain('@media (prefers-color-scheme:dark)')
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids.length).toBeGreaterThan(5)
    expect(new Set(ids).size).toBe(ids.length)
    // Nothing may be wider than a telephone: tables scroll by themselves, charts shrink.
    expect(page).not.toMatch(/min-width:[4-9]\d\dpx/)
  })

  it('says of a day without a snapshot that nothing is known, and of one that goes on that it does', async () => {
    const { keys, report } = await write()
    expect(report.happened.slots).toEqual([])
    expect(await textAt(keys.html)).toContain('Nothing is known of the day.')
    expect(await textAt((await write(MIDNIGHT + 3600)).keys.html)).toContain('The day had not ended')
  })
})

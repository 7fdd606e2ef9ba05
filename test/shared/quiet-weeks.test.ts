import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS, parseTime } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { SHARED_DATA } from '../support/shared-data.ts'
import { judgeFrozen, judgeLag, judgePsi, type HoursUntil } from '../support/shift-table.ts'

/** Two weeks of training, then four weeks in which nothing is known to have happened. */
const FROM = parseTime('2023-04-03')
const LAKE = {
  city: 'sf',
  timezone: 'America/Los_Angeles',
  from: FROM,
  quietFrom: FROM + 14 * DAY_SECONDS,
  until: FROM + 42 * DAY_SECONDS,
}
const withinADay = (hours: HoursUntil): boolean => hours.length > 5 && hours.every((hour) => hour !== null)

describe('the quiet weeks of the San Francisco recording', () => {
  let sf: LocalPlatform
  beforeAll(async () => {
    sf = await openLocalPlatform()
    const { city, timezone } = LAKE
    await importRecording(sf, {
      city,
      timezone,
      country: 'US',
      status: [join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet')],
      information: [join(SHARED_DATA, 'sf_information.parquet')],
      report: silentReporter,
    })
    await buildFeatures(sf, { city, timezone, country: 'US', report: silentReporter })
  })
  afterAll(() => sf.close())

  it('raise no alarm on PSI, and bikes counted in pairs do within a day', async () => {
    const { quiet, inPairs } = await judgePsi(sf, LAKE)
    expect(quiet.length).toBeGreaterThan(600)
    expect(Math.max(...quiet.map(({ psi }) => psi))).toBeLessThan(0.2)
    expect(withinADay(inPairs)).toBe(true)
  })

  it('have no frozen stations to speak of, and a fifth that stands still shows within a day', async () => {
    const { quietMax, aFifth } = await judgeFrozen(sf, LAKE)
    expect(quietMax).toBeLessThan(0.05)
    expect(withinADay(aFifth)).toBe(true)
  })

  it('tell a lag that is off by one slot within a day', async () => {
    const { offByOne } = await judgeLag(sf, LAKE, 0.02)
    expect(withinADay(offByOne)).toBe(true)
  })
})

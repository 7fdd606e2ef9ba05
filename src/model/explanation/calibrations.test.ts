import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import {
  bikesAt,
  CITY,
  fillQualityLake,
  predictionsOf,
  START,
  writePredictions,
  writeSnapshot,
} from '../../../test/support/quality-lake.ts'
import { calibrationSchema, type Calibration } from '../../core/contracts/explanation.ts'
import { deploymentKey } from '../../core/keys.ts'
import { HOUR_SECONDS } from '../../core/time.ts'
import { calibrationsOf, chanceOf } from './calibrations.ts'
import { openModelCache } from './model-cache.ts'

const ENDPOINT = 'bikeshare-prod'
const HOURS = 26
const STEP = 1200
const END = START + HOURS * HOUR_SECONDS

let platform: LocalPlatform
beforeAll(async () => {
  platform = await openLocalPlatform()
  await fillQualityLake(platform, { hours: HOURS, endpoints: [ENDPOINT], step: STEP })
})
afterAll(() => platform.close())

const at = async (moment: number, versions = ['v1']): Promise<Calibration[]> => [
  ...(
    await calibrationsOf(platform, {
      city: CITY,
      endpoint: ENDPOINT,
      target: 'bikes',
      model_versions: versions,
      at: moment,
    })
  ).values(),
]

/** What the lake holds of a version's predictions up to a slot, counted here. */
function outcomes(version: string, until: number): { samples: number; positives: number } {
  let [samples, positives] = [0, 0]
  for (let slot = START; slot < until; slot += STEP)
    for (const [station, { model_version }] of predictionsOf(ENDPOINT, slot).entries()) {
      if (model_version !== version) continue
      // The newest snapshot of the 15 minutes before it is due; where there is none, nobody knows.
      const due = slot + 1800
      const seen = Math.floor((due + 30 - START) / STEP) * STEP + START - 30
      if (due - seen > 900) continue
      samples++
      positives += bikesAt(station, seen) <= 2 ? 1 : 0
    }
  return { samples, positives }
}

describe('what scores have meant', () => {
  it('is counted from the outcomes of each version, no later than the moment', async () => {
    const moment = END
    const found = await at(moment, ['v1', 'v2', 'v3'])
    expect(found.map((one) => one.model_version)).toEqual(['v1', 'v2'])
    for (const one of found) {
      expect(calibrationSchema.parse(one)).toEqual(one)
      const until = Math.floor((moment - 1800) / 3600) * 3600
      expect(one).toMatchObject({ endpoint: ENDPOINT, from: START })
      expect(one).toMatchObject(outcomes(one.model_version, until))
      expect(one.until + 1800).toBeLessThanOrEqual(moment)
      const total = (of: 'samples' | 'positives'): number =>
        one.steps.reduce((sum, step) => sum + step[of], 0)
      expect([total('samples'), total('positives')]).toEqual([one.samples, one.positives])
      const chances = Array.from({ length: 101 }, (_, i) => chanceOf(one, i / 100)?.chance ?? Number.NaN)
      expect(chances).toEqual([...chances].sort((a, b) => a - b))
      expect((chances[100] ?? 0) - (chances[0] ?? 1)).toBeGreaterThan(0.5)
    }
  })

  it('does not change by what comes later', async () => {
    const before = await at(END)
    for (let slot = END + STEP; slot <= END + 6 * STEP; slot += STEP) {
      await writeSnapshot(platform, slot - 30)
      await writePredictions(platform, ENDPOINT, slot, predictionsOf(ENDPOINT, slot))
    }
    expect(await at(END)).toEqual(before)
    const [later] = await at(END + 6 * STEP + 3600)
    expect(later?.samples).toBeGreaterThan(before[0]?.samples ?? Infinity)
  })

  it('is the same with a cache', async () => {
    const cache = openModelCache({
      store: platform.store,
      scorer: { load: () => Promise.reject(new Error('none')), libraryVersion: async () => '' },
    })
    const options = {
      city: CITY,
      endpoint: ENDPOINT,
      target: 'bikes',
      model_versions: ['v1'],
      at: END,
    } as const
    const direct = await calibrationsOf(platform, options)
    expect(await calibrationsOf(platform, options, cache)).toEqual(direct)
    expect(await calibrationsOf(platform, options, cache)).toEqual(direct)
    await cache.close()
  })

  it('is not told of fewer than 500 outcomes', async () => {
    expect(await at(START + 5 * HOUR_SECONDS)).toEqual([])
    expect(await at(START)).toEqual([])
  })

  it('comes from another endpoint of the same version while there is less than a day of its own', async () => {
    const young = 'bikeshare-young'
    const options = { city: CITY, endpoint: young, target: 'bikes', at: END, model_versions: ['v1'] } as const
    const known = async (): Promise<unknown> => [...(await calibrationsOf(platform, options)).values()]
    for (let slot = END - 7200; slot <= END; slot += STEP)
      await writePredictions(platform, young, slot, predictionsOf(young, slot))
    // Nobody can tell what an endpoint was for that is not deployed any more.
    expect(await known()).toEqual([])
    const variant = {
      variant: 'All',
      group: 'g',
      model_version: 'v1',
      model_name: 'm',
      weight: 1,
      threshold: 0.4,
    }
    const record = (target: string): string =>
      JSON.stringify({
        endpoint: ENDPOINT,
        city: CITY,
        target,
        endpoint_config: 'c',
        variants: [variant],
        updated_at: START,
        by: 'test',
      })
    await platform.store.put(deploymentKey(ENDPOINT), record('docks'))
    expect(await known()).toEqual([])
    await platform.store.put(deploymentKey(ENDPOINT), record('bikes'))
    expect(await known()).toEqual(await at(END))
    expect(await at(END)).toMatchObject([{ endpoint: ENDPOINT }])
  })
})

describe('a chance', () => {
  const of = (positives: number, samples: number): Calibration => ({
    model_version: 'v1',
    endpoint: ENDPOINT,
    from: 0,
    until: 1,
    samples,
    positives,
    steps: [{ up_to: 1, samples, positives }],
  })

  it('has the interval of Wilson: its ends are the shares from which this one is 1.645 standard errors off', () => {
    const { chance, low, high } = chanceOf(of(30, 120), 0.3) ?? { chance: 0, low: 0, high: 0 }
    expect(chance).toBe(0.25)
    for (const end of [low, high])
      expect(Math.abs(chance - end) / Math.sqrt((end * (1 - end)) / 120)).toBeCloseTo(1.644_85, 4)
    expect(low).toBeLessThan(chance)
    expect(high).toBeGreaterThan(chance)
  })

  it('that never came, or always, has an interval all the same', () => {
    expect(chanceOf(of(0, 200), 0.3)).toMatchObject({ chance: 0, low: 0 })
    expect(chanceOf(of(0, 200), 0.3)?.high).toBeGreaterThan(0.01)
    expect(chanceOf(of(200, 200), 0.3)).toMatchObject({ chance: 1, high: 1 })
    expect(chanceOf(of(200, 200), 0.3)?.low).toBeLessThan(0.99)
  })

  it('is none without a calibration', () => {
    expect(chanceOf(undefined, 0.5)).toBeNull()
  })
})

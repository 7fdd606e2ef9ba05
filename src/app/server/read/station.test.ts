import { describe, expect, it, onTestFinished } from 'vitest'
import {
  bikesAt,
  predictionsOf,
  START,
  STATIONS,
  writePredictions,
  writeSnapshot,
} from '../../../../test/support/quality-lake.ts'
import { openReadsLake, writeInformation } from '../../../../test/support/reads-lake.ts'
import { stationViewSchema } from '../../../core/contracts/api/station.ts'
import { silentReporter } from '../../../core/report.ts'
import { DAY_SECONDS, dsOf } from '../../../core/time.ts'
import { compactDays } from '../../../data/lake/compact.ts'
import { readStation } from './station.ts'

const ENDPOINT = 'bikeshare-prod'
const ids = Array.from({ length: STATIONS }, (_, i) => `s${String(i).padStart(2, '0')}`)

async function open() {
  const lake = await openReadsLake()
  onTestFinished(() => lake.close())
  await writeInformation(
    lake.source.platform.warehouse,
    ids.map((station_id) => ({ station_id })),
  )
  return lake
}

const view = async (...args: Parameters<typeof readStation>) =>
  stationViewSchema.parse(await readStation(...args))

describe('one station', () => {
  it('has the state of every five minutes of a day, null where it is not known, and what came of predictions', async () => {
    const { source, setNow } = await open()
    const { platform } = source
    // Every ten minutes for three hours, with an hour and a half of nothing in between.
    const gap = (t: number): boolean => t > START + 3600 && t < START + 9000
    for (let t = START; t <= START + 3 * 3600; t += 600) {
      if (!gap(t)) await writeSnapshot(platform, t)
      await writePredictions(platform, ENDPOINT, t, predictionsOf(ENDPOINT, t))
    }
    const at = START + 3 * 3600 + 7
    setNow(at)
    const station = await view(source, { stage: 'prod', station_id: 's03' })
    expect(station.history).toHaveLength(288)
    expect(station.history.at(-1)?.slot).toBe(START + 3 * 3600)
    const known = new Map(station.history.map(({ slot, bikes }) => [slot, bikes]))
    for (const { slot } of station.history) {
      // The newest of at most 15 minutes: between two of ten minutes the one before.
      const newest = Array.from({ length: 4 }, (_, i) => slot - 300 * i).find(
        (t) => t % 600 === 0 && t >= START && !gap(t),
      )
      expect(known.get(slot)).toBe(newest === undefined ? null : bikesAt(3, newest))
    }
    expect(station.past.bikes.map(({ slot }) => slot)).toEqual(
      Array.from({ length: 19 }, (_, i) => START + 600 * i),
    )
    for (const past of station.past.bikes) {
      const due = past.slot + 1800
      const outcome = due > at ? null : (known.get(due) ?? null)
      expect([past.count_then, past.happened]).toEqual([outcome, outcome === null ? null : outcome <= 2])
    }
    expect(station.past.bikes.some(({ happened }) => happened === null)).toBe(true)
    expect(station.past.docks).toEqual([])
    expect(station.outlook.bikes).toMatchObject({
      slot: START + 3 * 3600,
      variant: 'Candidate',
      model_version: 'v2',
    })
    expect(station.outlook.docks).toBeNull()
    expect(station.weather).toBeNull()
    expect(
      station.neighbours
        .map(({ station_id }) => station_id)
        .slice(0, 2)
        .sort(),
    ).toEqual(['s02', 's04'])
    expect(station.neighbours[0]?.distance_m).toBeGreaterThan(200)
  })

  it('is the same from a day that is compacted', async () => {
    const { source, setNow } = await open()
    for (let t = START; t <= START + 7200; t += 300) await writeSnapshot(source.platform, t)
    setNow(START + 2 * DAY_SECONDS)
    const at = START + 7100
    const before = await view(source, { stage: 'prod', station_id: 's05', at })
    expect(before.bikes).toBe(bikesAt(5, START + 6900))
    await compactDays(source.platform, { city: 'demo', before: START + DAY_SECONDS, report: silentReporter })
    expect(await source.platform.store.folders('curated/station_status/city=demo/')).toEqual([
      `ds=${dsOf(START)}`,
    ])
    expect(await view(source, { stage: 'prod', station_id: 's05', at })).toEqual(before)
  })

  it('vanishes when it is in no snapshot any more, and is unknown before it is known', async () => {
    const { source, setNow } = await open()
    const { warehouse } = source.platform
    await writeInformation(warehouse, [...ids.map((station_id) => ({ station_id })), { station_id: 'never' }])
    await writeSnapshot(source.platform, START)
    await writeInformation(warehouse, [{ station_id: 'later', valid_from: START + 500 }])
    setNow(START + 901)
    expect((await view(source, { stage: 'prod', station_id: 's01' })).vanished_since).toBe(START)
    const station = await view(source, { stage: 'prod', station_id: 's01', at: START + 900 })
    expect([station.vanished_since, station.bikes, station.condition]).toEqual([
      null,
      bikesAt(1, START),
      'ok',
    ])
    const never = await view(source, { stage: 'prod', station_id: 'never' })
    expect([never.vanished_since, never.bikes, never.condition]).toEqual([null, null, 'unknown'])
    expect(
      (await view(source, { stage: 'prod', station_id: 'later' })).history.every(
        ({ bikes }) => bikes === null,
      ),
    ).toBe(true)
    await expect(
      readStation(source, { stage: 'prod', station_id: 'later', at: START + 499 }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

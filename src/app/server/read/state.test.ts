import { describe, expect, it, onTestFinished } from 'vitest'
import { predictionsOf, START, writePredictions } from '../../../../test/support/quality-lake.ts'
import { openReadsLake, writeInformation } from '../../../../test/support/reads-lake.ts'
import { stateSchema, stationsSchema, topSchema } from '../../../core/contracts/api/city.ts'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import { liveStatusKey } from '../../../core/keys.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { Warehouse } from '../../../platform/ports.ts'
import { readState } from './state.ts'
import { readStations } from './stations.ts'
import { readTop } from './top.ts'

const CITY = 'demo'
const ENDPOINT = 'bikeshare-prod'

/** Bikes of ten docks, and what the station can be used for. */
type Row = readonly [bikes: number, installed?: boolean, renting?: boolean, returning?: boolean]

async function snapshot(
  warehouse: Warehouse,
  at: EpochSeconds,
  stations: Record<string, Row>,
): Promise<void> {
  const rows = Object.entries(stations).map(
    ([station_id, [bikes, is_installed = true, is_renting = true, is_returning = true]]) => ({
      last_updated: at,
      station_id,
      num_bikes_available: bikes,
      num_docks_available: 10 - bikes,
      num_bikes_disabled: 0,
      num_docks_disabled: null,
      num_ebikes_available: null,
      is_installed,
      is_renting,
      is_returning,
      last_reported: at,
    }),
  )
  await warehouse.writeRows(
    liveStatusKey(CITY, at),
    TABLE_SCHEMAS.station_status.map(({ name, type }) => ({
      name,
      type,
      values: rows.map((row) => row[name as keyof (typeof rows)[number]]),
    })),
  )
}

async function open() {
  const lake = await openReadsLake()
  onTestFinished(() => lake.close())
  return { ...lake, warehouse: lake.source.platform.warehouse }
}

/** A batch in which these stations have a score. */
async function said(
  warehouse: Warehouse,
  slot: EpochSeconds,
  scores: Record<string, readonly [count: number, score: number]>,
  made_at = slot + 5,
): Promise<void> {
  const [model] = predictionsOf(ENDPOINT, slot)
  if (!model) throw new Error('there is a station')
  await writePredictions(
    { warehouse },
    ENDPOINT,
    slot,
    Object.entries(scores).map(([station_id, [count_now, score]]) => ({
      ...model,
      station_id,
      count_now,
      score,
      stockout: score >= 0.4,
      variant: 'AllTraffic',
      made_at,
    })),
  )
}

describe('the state of a city', () => {
  it('is the newest snapshot that is at most 15 minutes old, by station', async () => {
    const { source, setNow, warehouse } = await open()
    await writeInformation(
      warehouse,
      ['ok', 'gone', 'closed', 'no_rent', 'no_return', 'idle'].map((station_id) => ({ station_id })),
    )
    await snapshot(warehouse, START, {
      ok: [3],
      closed: [0, false],
      no_rent: [4, true, false, true],
      no_return: [5, true, true, false],
      idle: [1, true, false, false],
    })
    setNow(START + 900)
    const state = stateSchema.parse(await readState(source, { stage: 'prod' }))
    const { station_id } = await readStations(source)
    expect(station_id).toEqual(['closed', 'gone', 'idle', 'no_rent', 'no_return', 'ok'])
    expect(state.condition).toEqual(['closed', 'unknown', 'closed', 'no_rent', 'no_return', 'ok'])
    expect(state.bikes).toEqual([0, null, 1, 4, 5, 3])
    expect(state.docks).toEqual([10, null, 9, 6, 5, 7])
    expect(state.predicted).toEqual({ bikes: null, docks: null })
    expect(state.as_of).toMatchObject({ snapshot_at: START, batch_at: null, stale: false, newest: true })

    setNow(START + 901)
    const later = await readState(source, { stage: 'prod' })
    expect(later.bikes).toEqual(station_id.map(() => null))
    expect(new Set(later.condition)).toEqual(new Set(['unknown']))
    expect(later.as_of).toMatchObject({ snapshot_at: START, stale: true })
    expect((await readState(source, { stage: 'prod', at: START - 1 })).as_of.snapshot_at).toBeNull()
  })

  it('has what the newest batch said by then, also when that is old', async () => {
    const { source, setNow, warehouse } = await open()
    await writeInformation(warehouse, [{ station_id: 'a' }, { station_id: 'b' }])
    await snapshot(warehouse, START, { a: [1], b: [8] })
    await said(warehouse, START, { a: [1, 0.9], b: [8, 0.1] })
    await said(warehouse, START + 600, { b: [8, 0.5] }, START + 4000)
    setNow(START + 4000)
    const at = (t: EpochSeconds) => readState(source, { stage: 'prod', at: t })
    expect((await at(START + 4)).predicted.bikes).toBeNull()
    expect((await at(START + 600)).predicted.bikes).toEqual({
      endpoint: ENDPOINT,
      threshold: 0.4,
      score: [0.9, 0.1],
      stockout: [true, false],
      onset: [false, true],
    })
    // The second batch came late: nobody knew it before.
    const old = await at(START + 3999)
    expect(old.predicted.bikes?.score).toEqual([0.9, 0.1])
    expect(old.as_of).toMatchObject({ batch_at: START, stale: true })
    expect((await at(START + 4000)).predicted.bikes?.score).toEqual([null, 0.5])
    expect((await readState(source, { stage: 'staging' })).predicted).toEqual({ bikes: null, docks: null })
  })

  it('gives names and positions as they were then, a feed’s text as it is, cut to 200 characters', async () => {
    const { source, setNow, warehouse } = await open()
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '\u202Eevil\u202C מרכז',
      `-${'🚲'.repeat(150)}`,
      'a\u0000b\u001b[31m',
    ]
    await writeInformation(warehouse, [
      ...hostile.map((name, i) => ({ station_id: `s${i}`, name })),
      { station_id: 's0', name: 'Renamed', valid_from: START + 100, capacity: null },
      { station_id: 'new', valid_from: START + 200 },
    ])
    setNow(START + 300)
    const before = stationsSchema.parse(await readStations(source, { at: START + 99 }))
    expect(before.name.slice(0, 2)).toEqual(hostile.slice(0, 2))
    expect(before.name[2]).toBe(`-${'🚲'.repeat(99)}`)
    expect(before.name[3]).toBe(hostile[3])
    const renamed = await readStations(source, { at: START + 100 })
    expect([renamed.name[0], renamed.capacity[0]]).toEqual(['Renamed', null])
    expect(renamed.version).not.toBe(before.version)
    expect((await readStations(source)).station_id).toEqual(['new', 's0', 's1', 's2', 's3'])
    expect((await readState(source, { stage: 'prod', at: START + 150 })).version).toBe(renamed.version)
  })
})

describe('the stations at risk', () => {
  it('are those that still have some, the likeliest first, and those that have two or fewer, the longest first', async () => {
    const { source, setNow, warehouse } = await open()
    await writeInformation(
      warehouse,
      ['a', 'b', 'c', 'd', 'e'].map((station_id) => ({ station_id })),
    )
    await snapshot(warehouse, START - 3600, { a: [9], b: [9], c: [9], d: [0], e: [1] })
    await snapshot(warehouse, START, { a: [4], b: [6], c: [9], d: [0], e: [2] })
    const calm = { c: [9, 0.1] } as const
    await said(warehouse, START - 1800, { ...calm, a: [5, 0.5], d: [1, 0.8], e: [2, 0.7] })
    // The batch of ten minutes later has nothing of `a`: its run begins anew.
    await said(warehouse, START - 1200, { ...calm, d: [0, 0.9], e: [3, 0.3] })
    await said(warehouse, START - 600, { ...calm, a: [4, 0.6], b: [7, 0.2], d: [0, 0.9], e: [2, 0.8] })
    await said(warehouse, START, { ...calm, a: [4, 0.5], b: [6, 0.7], d: [0, 0.95], e: [2, 0.9] })
    setNow(START + 60)
    const top = topSchema.parse(await readTop(source, { stage: 'prod', target: 'bikes' }))
    expect(top.onsets.map(({ station_id, since }) => [station_id, since])).toEqual([
      ['b', START],
      ['a', START - 600],
    ])
    expect(top.empty.map(({ station_id, since }) => [station_id, since])).toEqual([
      ['d', START - 1800],
      ['e', START - 600],
    ])
    expect(top.onsets[0]).toMatchObject({
      count_now: 6,
      count_hour_ago: 9,
      score: 0.7,
      lead_seconds: 1740,
      chance: null,
    })
    expect(top).toMatchObject({ onset_count: 2, empty_count: 2, judged: 5, endpoint: ENDPOINT })
    const one = await readTop(source, { stage: 'prod', target: 'bikes', n: 1 })
    expect([one.onsets.length, one.empty.length, one.onset_count, one.empty_count]).toEqual([1, 1, 2, 2])
    expect(one.empty[0]).toEqual(top.empty[0])
  })
})

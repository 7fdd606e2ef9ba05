import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEventfulLake } from '../../../../test/support/eventful-lake.ts'
import { START } from '../../../../test/support/quality-lake.ts'
import { openReadsLake, type ReadsLake } from '../../../../test/support/reads-lake.ts'
import { modelHealthSchema } from '../../../core/contracts/api/model.ts'
import { gateSchema, incidentViewSchema, releasesSchema } from '../../../core/contracts/api/releases.ts'
import { stationViewSchema } from '../../../core/contracts/api/station.ts'
import { systemHealthSchema } from '../../../core/contracts/api/system.ts'
import { stateSchema, stationsSchema, timelineSchema, topSchema } from '../../../core/contracts/api/city.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { readGate } from './gate.ts'
import { readIncident } from './incident.ts'
import { readModelHealth } from './model-health.ts'
import { closeReads } from './read-cache.ts'
import { readReleases } from './releases.ts'
import { readState } from './state.ts'
import { readStation } from './station.ts'
import { readStations } from './stations.ts'
import { readSystemHealth } from './system-health.ts'
import { readTimeline } from './timeline.ts'
import { readTop } from './top.ts'

/** Moments at and between snapshots, batches, hours and events; one in a gap. */
const MOMENTS = [START + 299, START + 1801, START + 3600, START + 3900, START + 4799, START + 5500]
const END = START + 7200

/** Every view of a moment, but for what is only ever of now: how the scheduler stands, and what the lake takes. */
async function viewsAt(source: CitySource, at: EpochSeconds): Promise<Record<string, unknown>> {
  const prod = { at, stage: 'prod' } as const
  const {
    jobs: _,
    scheduler: __,
    storage: ___,
    cost: ____,
    endpoints,
    ...system
  } = systemHealthSchema.parse(await readSystemHealth(source, { at, days: 1 }))
  const views = {
    stations: stationsSchema.parse(await readStations(source, { at })),
    state: stateSchema.parse(await readState(source, prod)),
    top: topSchema.parse(await readTop(source, { ...prod, target: 'bikes' })),
    none: topSchema.parse(await readTop(source, { ...prod, target: 'docks' })),
    station: stationViewSchema.parse(await readStation(source, { ...prod, station_id: 's04' })),
    model: modelHealthSchema.parse(await readModelHealth(source, { ...prod, target: 'bikes', days: 1 })),
    releases: releasesSchema.parse(await readReleases(source, { at })),
    gate: gateSchema.parse(await readGate(source, { at, stage: 'staging' })),
    // The host says how an endpoint is, the history only that it served.
    system: {
      ...system,
      late: system.late.filter((line) => !/ is /.test(line)),
      endpoints: endpoints.map(({ status: _____, ...one }) => one),
    },
  }
  const text = JSON.stringify(views, (key, value: unknown) =>
    key === 'now' || key === 'newest' ? undefined : withoutUnrecorded(value),
  )
  return JSON.parse(text) as Record<string, unknown>
}

/** Why an alarm has no data is kept only until it has some: its history begins with its first change. */
function withoutUnrecorded(value: unknown): unknown {
  const isBlank =
    typeof value === 'object' && value !== null && 'state' in value && value.state === 'INSUFFICIENT_DATA'
  return isBlank ? { ...value, reason: null } : value
}

describe('a moment of the past', () => {
  let lake: ReadsLake
  const then = new Map<EpochSeconds, Record<string, unknown>>()

  beforeAll(async () => {
    lake = await openReadsLake()
    const events = await openEventfulLake(lake)
    for (const at of MOMENTS) {
      await events.advance(at)
      // Nothing is known from before but what the lake holds.
      await closeReads(lake.source)
      then.set(at, await viewsAt(lake.source, at))
    }
    await events.advance(END)
    await closeReads(lake.source)
  })
  afterAll(() => lake.close())

  it.each(MOMENTS)('looks as it did then: %i', async (at) => {
    const now = await viewsAt(lake.source, at)
    const was = Object.entries(then.get(at) ?? {})
    expect(was).toHaveLength(9)
    for (const [name, view] of was) expect([name, now[name]]).toEqual([name, view])
  })

  it('shows what happened meanwhile', async () => {
    const { source } = lake
    const releases = (at: number) => readReleases(source, { at })
    expect((await releases(START + 1500)).active).toMatchObject({ phase: 'acting', timeline: [{}] })
    const baking = await releases(START + 1800)
    expect(baking.active).toMatchObject({ phase: 'baking', reason: null })
    expect(baking.analysis).toMatchObject([
      { endpoint: 'bikeshare-prod', variant: 'Candidate', share: 0.2, evidence_bound: 20 },
    ])
    expect((await releases(START + 4500)).active).toMatchObject({ phase: 'reverting', reason: 'it is worse' })
    const ended = await releases(END)
    expect([ended.active, ended.analysis, ended.recent.map(({ phase }) => phase)]).toEqual([
      null,
      [],
      ['rolled_back'],
    ])
    expect((await releases(START + 5099)).incidents).toEqual([])
    expect((await releases(START + 5100)).incidents).toMatchObject([{ notes: [], closed: null }])
    expect(ended.incidents).toMatchObject([{ notes: [{ text: 'seen' }], closed: { cause: 'known' } }])
    const incident = incidentViewSchema.parse(await readIncident(source, { id: 'an-incident' }))
    expect(incident.charts.map(({ id }) => id)).toContain('onset')
    await expect(readIncident(source, { id: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('has charts with a point for every period, null for a gap, and bounds of the alarms', async () => {
    const model = await readModelHealth(lake.source, { stage: 'prod', target: 'bikes', days: 1 })
    for (const { series, from, to } of model.charts)
      for (const { points, period } of series) {
        expect(points.every(([t], i) => i === 0 || t - (points[i - 1]?.[0] ?? 0) === period)).toBe(true)
        expect(
          [(points[0]?.[0] ?? 0) - from, to - (points.at(-1)?.[0] ?? 0)].every(
            (d) => d >= 0 && d < 2 * period,
          ),
        ).toBe(true)
      }
    expect(model.charts[0]?.id).toBe('onset')
    expect(model.charts[0]?.series.map(({ name, of }) => `${name} ${of ?? ''}`)).toEqual([
      'Onset-PR-AUC-24h ',
      'Persistence-Onset-PR-AUC-24h ',
      'Onset-PR-AUC-24h Baseline',
      'Onset-PR-AUC-24h Candidate',
    ])
    const psi = model.charts.find(({ id }) => id === 'psi')
    expect(psi?.bounds.map(({ value, kind }) => [kind, value]).sort()).toEqual([
      ['crit', 0.3],
      ['warn', 0.2],
    ])
    expect(psi?.series[0]?.points.filter(([, value]) => value !== null).length).toBe(3)
    const gate = await readModelHealth(lake.source, { stage: 'staging', target: 'bikes', days: 1 })
    expect(gate.charts.find(({ id }) => id === 'prauc')?.bounds).toEqual([
      { name: 'gate', value: 0.7, breach: 'below', kind: 'gate' },
    ])
    // What was said and what came are of the same rows as the published figures.
    expect(model.calibration?.samples).toBe(model.quality?.samples)
    const off = (model.calibration?.bins ?? []).reduce(
      (sum, bin) => sum + bin.samples * Math.abs(bin.said - bin.happened),
      0,
    )
    expect(off / (model.calibration?.samples ?? 0)).toBeCloseTo(model.quality?.calibration_error ?? -1, 9)
    expect(model.variants.map(({ variant, share, figures }) => [variant, share, figures !== null])).toEqual([
      ['Baseline', 0.8, true],
      ['Candidate', 0.2, true],
    ])
  })

  it('has a timeline with the gap in it', async () => {
    const timeline = timelineSchema.parse(await readTimeline(lake.source, { stage: 'prod' }))
    expect([timeline.from, timeline.to]).toEqual([START, END])
    expect(timeline.batches).toEqual(Array.from({ length: 13 }, (_, i) => START + 600 * i))
    expect(timeline.gaps).toEqual([[START + 9 * 300, START + 14 * 300]])
  })

  it('says what the alarms were, and what silenced them', async () => {
    const at = START + 1300
    const then = await readSystemHealth(lake.source, { at, days: 1 })
    const alarm = then.alarms.find(({ name }) => name === 'prod-endpoint-5xx-crit')
    expect(alarm).toMatchObject({
      severity: 'crit',
      runbook: 'prod-endpoint-5xx-crit',
      silence: { by: 'test', why: 'work' },
    })
    expect(then.alarm_history.every((change) => change.at <= at)).toBe(true)
    const changes = (await readSystemHealth(lake.source, { days: 1 })).alarm_history
    expect(changes.length).toBeGreaterThan(then.alarm_history.length)
    expect(changes.map((change) => change.at)).toEqual(
      changes.map((change) => change.at).toSorted((a, b) => b - a),
    )
  })
})

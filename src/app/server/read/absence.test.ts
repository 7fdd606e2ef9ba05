import { describe, expect, it, onTestFinished } from 'vitest'
import { START, writeSnapshot } from '../../../../test/support/quality-lake.ts'
import { openReadsLake, writeInformation } from '../../../../test/support/reads-lake.ts'
import { stateSchema, stationsSchema, timelineSchema, topSchema } from '../../../core/contracts/api/city.ts'
import { modelHealthSchema } from '../../../core/contracts/api/model.ts'
import { gateSchema, releasesSchema } from '../../../core/contracts/api/releases.ts'
import { citySummarySchema } from '../../../core/contracts/api/session.ts'
import { systemHealthSchema } from '../../../core/contracts/api/system.ts'
import type { CitySource } from '../city-source.ts'
import { readCitySummary } from './city-summary.ts'
import { readGate } from './gate.ts'
import { measureLake } from './lake-figures.ts'
import { readModelHealth } from './model-health.ts'
import { readReleases } from './releases.ts'
import { readState } from './state.ts'
import { readStation } from './station.ts'
import { readStations } from './stations.ts'
import { readSystemHealth } from './system-health.ts'
import { readTimeline } from './timeline.ts'
import { readTop } from './top.ts'
import { warmReads } from './warm.ts'
import { readWhy } from './why.ts'

async function open() {
  const lake = await openReadsLake()
  onTestFinished(() => lake.close())
  return lake
}

const all = async (source: CitySource) => ({
  summary: citySummarySchema.parse(await readCitySummary(source)),
  stations: stationsSchema.parse(await readStations(source)),
  state: stateSchema.parse(await readState(source, { stage: 'prod' })),
  top: topSchema.parse(await readTop(source, { stage: 'prod', target: 'bikes' })),
  timeline: timelineSchema.parse(await readTimeline(source, { stage: 'prod' })),
  model: modelHealthSchema.parse(await readModelHealth(source, { stage: 'prod', target: 'docks' })),
  system: systemHealthSchema.parse(await readSystemHealth(source)),
  past: systemHealthSchema.parse(await readSystemHealth(source, { at: START - 5 })),
  releases: releasesSchema.parse(await readReleases(source)),
  gate: gateSchema.parse(await readGate(source, { stage: 'staging' })),
})

describe('what is not there', () => {
  it('is nothing at all of an empty lake, and no error', async () => {
    const { source } = await open()
    const views = await all(source)
    expect(views.summary).toMatchObject({
      stations: 0,
      bounds: null,
      endpoints: [],
      from: null,
      to: null,
      problem: null,
    })
    expect(views.state).toMatchObject({ bikes: [], predicted: { bikes: null, docks: null } })
    expect(views.state.as_of).toMatchObject({ snapshot_at: null, batch_at: null, stale: true })
    expect(views.top).toMatchObject({ endpoint: null, onsets: [], empty: [], judged: 0 })
    expect(views.timeline).toMatchObject({ from: null, to: null, batches: [], gaps: [] })
    expect(views.model).toMatchObject({ endpoint: null, quality: null, calibration: null, charts: [] })
    expect(views.system).toMatchObject({
      endpoints: [],
      alarms: [],
      jobs: [],
      cost: null,
      storage: [],
      charts: [],
    })
    expect(views.system.late).toEqual(['no status at all yet'])
    expect(views.system.feed).toMatchObject({ age_seconds: null, ingest_slo: null, quarantined: null })
    expect(views.releases).toMatchObject({ serving: [], active: null, history: [], history_broken: null })
    expect(views.gate.results).toEqual([])
    await warmReads(source, { stage: 'prod' })
    await expect(readStation(source, { stage: 'prod', station_id: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(readWhy(source, { stage: 'prod', target: 'bikes', station_id: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('is unknown of a lake without predictions, models or a scheduler', async () => {
    const { source, setNow } = await open()
    await writeInformation(source.platform.warehouse, [
      { station_id: 's01', capacity: null },
      { station_id: 's02' },
    ])
    await writeSnapshot(source.platform, START)
    setNow(START + 60)
    const views = await all(source)
    expect(views.summary).toMatchObject({ stations: 2, from: START, to: START })
    expect(views.summary.bounds?.every(Number.isFinite)).toBe(true)
    expect(views.state.bikes.every((count) => count !== null)).toBe(true)
    expect(views.state.as_of).toMatchObject({ snapshot_at: START, batch_at: null, stale: false })
    expect(views.system).toMatchObject({ late: [], scheduler: 'no scheduler has run here' })
    expect(views.system.feed.age_seconds).toBe(60)
  })

  it('is told of the lake once it was measured, and only as of now', async () => {
    const { source, setNow } = await open()
    await writeSnapshot(source.platform, START)
    setNow(START + 60)
    await measureLake(source)
    const system = systemHealthSchema.parse(await readSystemHealth(source))
    expect(system.storage.map(({ part }) => part)).toContain('curated/station_status_live')
    expect(system.storage.every(({ bytes }) => bytes > 0)).toBe(true)
    expect(system.cost?.lines.length).toBeGreaterThan(5)
    expect(await readSystemHealth(source, { at: START })).toMatchObject({ cost: null, storage: [] })
  })

  it('is said of a history that cannot be read', async () => {
    const { source } = await open()
    await source.platform.store.put('history/0000000001.json', '{')
    const releases = releasesSchema.parse(await readReleases(source))
    expect(releases.history).toEqual([])
    expect(releases.history_broken).toMatch(/0000000001\.json is damaged/)
  })

  it('reads write nothing', async () => {
    const { source, setNow } = await open()
    await writeInformation(source.platform.warehouse, [{ station_id: 's01' }])
    await writeSnapshot(source.platform, START - 86_400)
    await writeSnapshot(source.platform, START)
    setNow(START + 60)
    const keys = async () => {
      const found: string[] = []
      for await (const { key, etag } of source.platform.store.list('')) found.push(`${key} ${etag}`)
      return found
    }
    const before = await keys()
    await all(source)
    await warmReads(source, { stage: 'prod' })
    expect(await keys()).toEqual(before)
  })
})

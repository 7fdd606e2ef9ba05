import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isoOf, parseDt, parseTime } from '../../src/core/time.ts'
import { configSchema } from '../../src/core/config/schema.ts'
import { silentReporter } from '../../src/core/report.ts'
import { readLease } from '../../src/operations/scheduler/lease.ts'
import { composePlatform } from '../../src/platform/compose.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { lastJson, mustRun, startCli } from '../support/cli.ts'
import {
  alarmLines,
  copyLake,
  lakeHashes,
  lifeArgs,
  makeSoakCity,
  metricLines,
  SOAK_CITY,
  type SoakCity,
} from '../support/soak.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const FROM = parseTime('2024-09-02T00:00:00Z')
const LIVE_FROM = parseTime('2024-09-06T20:00:00Z')
const UNTIL = parseTime('2024-09-07T04:00:00Z')
/** Ten minutes, and three hours that midnight falls into. */
const OUTAGES = [
  { from: parseTime('2024-09-06T20:42:00Z'), to: parseTime('2024-09-06T20:52:00Z') },
  { from: parseTime('2024-09-06T22:30:00Z'), to: parseTime('2024-09-07T01:30:00Z') },
]
const FAULTS = OUTAGES.map(({ from, to }) => `unavailable@${isoOf(from)}/${isoOf(to)}`)
/** A state is known for a quarter of an hour, features look back an hour and a quarter, outcomes are half an hour ahead. */
const REACH = 2 * 3600
const KILLS = 6

let folder: string
let city: SoakCity

beforeAll(async () => {
  folder = await makeTempDir()
  city = await makeSoakCity(join(folder, 'city'), { from: FROM, liveFrom: LIVE_FROM, days: 6, stations: 12 })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function open(dataDir: string): Promise<Platform> {
  return composePlatform(configSchema.parse({}), {
    root: join(dataDir, SOAK_CITY),
    clock: () => UNTIL,
    env: process.env,
    elapsedMs: () => performance.now(),
    random: Math.random,
    report: silentReporter,
  })
}

async function told(dataDir: string) {
  const platform = await open(dataDir)
  const span = { from: LIVE_FROM - 3600, to: UNTIL + 3600 }
  try {
    return {
      lake: await lakeHashes(dataDir),
      metrics: await metricLines(platform, span),
      alarms: await alarmLines(platform, span),
    }
  } finally {
    await platform.close()
  }
}

/** Waits until a process holds the lake. */
async function holds(dataDir: string, pid: number | undefined): Promise<void> {
  const store = openDirectoryStore(join(dataDir, SOAK_CITY))
  while ((await readLease(store))?.holder?.pid !== pid) await sleep(20)
}

/** True for a key of a time that an outage reaches. */
function isHidden(key: string): boolean {
  const at = parseDt(/dt=([\d-]+)/.exec(key)?.[1] ?? '') ?? 0
  return OUTAGES.some(({ from, to }) => at >= from - 60 && at <= to + REACH)
}

describe('a scheduler that lives through a night', () => {
  it('killed at random moments, with a second one beside it and its clock set back, leaves the same lake, metrics and alarm history as one that was never disturbed', async () => {
    const calm = await copyLake(city, join(folder, 'calm'))
    const victim = await copyLake(city, join(folder, 'victim'))
    const life = { until: UNTIL, faults: FAULTS }
    const undisturbed = mustRun(lifeArgs(city, calm, life))

    const random = seededRandom(11)
    let kills = 0
    for (let tries = 0; kills < KILLS && tries < 4 * KILLS; tries++) {
      const run = startCli(lifeArgs(city, victim, life))
      await Promise.race([sleep(2000 + random() * 4000), run.done])
      if (kills === 2) {
        await holds(victim, run.process.pid)
        const second = await startCli(lifeArgs(city, victim, life)).done
        expect(second.code).toBe(3)
        expect(second.stderr).toMatch(/has a scheduler already: process \d+ on/)
      }
      if ((await run.stop('SIGKILL')).code === null) kills++
    }
    expect(kills).toBeGreaterThanOrEqual(3)
    const stopped = startCli(lifeArgs(city, victim, life))
    await Promise.race([sleep(3000), stopped.done])
    expect(await stopped.stop('SIGTERM')).toMatchObject({ code: 0 })
    await mustRun(lifeArgs(city, victim, life))
    // An hour back, and over it once more.
    await mustRun(lifeArgs(city, victim, { ...life, from: UNTIL - 3600 }))
    await undisturbed

    const [expected, found] = [await told(calm), await told(victim)]
    expect(Object.keys(expected.lake).some((key) => key.endsWith('predictions.parquet'))).toBe(true)
    expect(found.lake).toEqual(expected.lake)
    expect(found.metrics).toEqual(expected.metrics)
    expect(found.alarms).toEqual(expected.alarms)
    const status = lastJson(
      await mustRun(['status', '--data-dir', victim, '--config', city.config, '--json']),
    )
    expect(status).toMatchObject({ scheduler: { clock_step: { by: expect.any(Number) as number } } })
  })

  it('with an outage of ten minutes and one of three hours differs from one without only by what the outages hide', async () => {
    const whole = await copyLake(city, join(folder, 'whole'))
    await mustRun(lifeArgs(city, whole, { until: UNTIL }))
    const [expected, found] = [await told(whole), await told(join(folder, 'calm'))]
    const kinds = ['raw/station_status', 'inference'].map((kind) => new RegExp(`^${kind}/`))
    for (const kind of kinds) {
      const keys = (lake: Record<string, string>) => Object.keys(lake).filter((key) => kind.test(key))
      const lost = keys(expected.lake).filter((key) => !(key in found.lake))
      expect(lost.length).toBeGreaterThan(0)
      expect(lost.filter((key) => !isHidden(key))).toEqual([])
      expect(keys(found.lake).filter((key) => !(key in expected.lake))).toEqual([])
      const changed = keys(found.lake).filter((key) => found.lake[key] !== expected.lake[key])
      expect(changed.filter((key) => !isHidden(key))).toEqual([])
    }
    const heartbeats = (metrics: Record<string, string>) =>
      Object.entries(metrics).filter(([name]) => name.startsWith('PredictionHeartbeat'))
    expect(heartbeats(found.metrics)).toHaveLength(heartbeats(expected.metrics).length)
    expect(heartbeats(found.metrics).filter(([, value]) => value === '0/1').length).toBeGreaterThan(10)
  })
})

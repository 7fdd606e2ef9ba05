import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SETTINGS } from '../../../../test/support/assessed-city.ts'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { configSchema } from '../../../core/config/schema.ts'
import { planSchema, type Plan } from '../../../core/contracts/plan.ts'
import { silentReporter } from '../../../core/report.ts'
import { DAY_SECONDS } from '../../../core/time.ts'
import { importRecording } from '../../../data/lake/import.ts'
import { setVirtualNow } from '../../../data/lake/lake-info.ts'
import { writeSimulation } from '../../../data/simulation/write.ts'
import { composePlatform } from '../../../platform/compose.ts'
import type { Platform } from '../../../platform/ports.ts'
import { openContext, type ClosableContext } from '../context.ts'
import { planCsv, planText } from '../plan/plan-text.ts'
import { runProgram } from '../program.ts'

const FROM = Date.UTC(2024, 8, 2) / 1000
/** 16:30 of the second day. */
const NOW = FROM + DAY_SECONDS + 20.5 * 3600

let dataDir: string
const open: ClosableContext[] = []
const openPlatform = (): Promise<Platform> =>
  composePlatform(configSchema.parse({}), {
    root: join(dataDir, 'sim'),
    clock: () => NOW,
    elapsedMs: () => 0,
    env: {},
    random: () => 0,
    report: silentReporter,
  })

async function run(...args: string[]) {
  const outcome = await runProgram({
    version: '0',
    argv: ['plan', ...args, '--data-dir', dataDir, '--city', 'sim'],
    out: () => {},
    err: () => {},
    openContext: async (options) => {
      const context = await openContext(options, {
        env: {},
        wall: () => NOW,
        elapsedMs: () => 0,
        signal: new AbortController().signal,
        out: () => {},
        reporter: () => silentReporter,
        compose: openPlatform,
        ensureTables: () => Promise.reject(new Error('no table is made here')),
        openSchedules: () => Promise.reject(new Error('no schedule is looked at here')),
        openStore: () => Promise.reject(new Error('no store is opened here')),
      })
      open.push(context)
      return context.context
    },
  })
  return { code: outcome.exitCode, human: outcome.result?.human ?? '', json: outcome.result?.json }
}

beforeAll(async () => {
  dataDir = await makeTempDir()
  const platform = await openPlatform()
  const written = await writeSimulation(platform.warehouse, {
    seed: 2,
    stations: 24,
    from: FROM,
    timezone: 'America/New_York',
    days: 2,
    faults: false,
    status: 'recording/status.parquet',
    information: 'recording/information.parquet',
    weather: 'recording/weather.parquet',
  })
  const path = ({ key }: { readonly key: string }): string => join(dataDir, 'sim', key)
  await importRecording(platform, {
    city: 'sim',
    timezone: 'America/New_York',
    country: 'US',
    status: written.status.map(path),
    information: [path(written.information)],
    report: silentReporter,
  })
  await setVirtualNow(platform.store, NOW)
  await platform.close()
})
afterEach(async () => {
  for (const context of open.splice(0)) await context.close()
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('bikeshare plan', () => {
  it('plans, lists, shows, and takes a decision once', async () => {
    const csv = join(dataDir, 'moves.csv')
    const made = await run('--trucks', '1', '--time-limit', '60', '--by', 'ann', '--csv', csv)
    const plan = planSchema.parse(made.json)
    expect(plan.settings).toMatchObject({ trucks: 1, time_limit_seconds: 60, capacity: 20 })
    expect(plan.events).toEqual([{ at: NOW, by: 'ann', action: 'proposed', why: '' }])
    expect(made.human).toContain('The greedy plan avoids')
    expect((await readFile(csv, 'utf8')).trim().split('\r\n')).toHaveLength(
      1 + plan.routes.flatMap((route) => route.stops).length,
    )
    expect((await run('list')).human).toContain(plan.id)
    const accepted = await run('accept', plan.id, '--by', 'bob', '--why', 'one van')
    expect(accepted).toMatchObject({ code: 0, json: { state: 'accepted' } })
    expect((await run('show', plan.id)).human).toContain('accepted by bob')
    await expect(run('reject', plan.id)).rejects.toMatchObject({ code: 'CHECK_FAILED' })
    await expect(run('show', 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const score = await run('score', plan.id)
    expect(score.human).toContain('no simulated city is behind this lake')
    expect((await run('show', plan.id)).json).toMatchObject({ score: { plan_id: plan.id } })
  })

  it('keeps to the constraints that were set, from the file that it prints', async () => {
    const file = join(dataDir, 'today.json')
    await writeFile(file, JSON.stringify((await run('constraints')).json))
    expect((await run('constraints', '--file', file, '--by', 'ann')).json).toMatchObject({ by: 'ann' })
    const crew = { id: 'van', depot: null, capacity: 3, shift_minutes: null, active: true }
    await writeFile(file, JSON.stringify({ depots: [], crews: [crew], closed_stations: [] }))
    expect((await run('constraints', '--file', file, '--by', 'ann')).human).toContain('van')
    const plan = planSchema.parse((await run('--time-limit', '60')).json)
    expect(plan.routes.every(({ capacity, crew: id }) => capacity === 3 && id === 'van')).toBe(true)
    await writeFile(file, '{"depots": 1}')
    await expect(run('constraints', '--file', file)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(run('constraints', '--file', join(dataDir, 'none.json'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

it('a CSV keeps a hostile name a cell, and a sheet is made of any plan', () => {
  const stop = {
    station_id: 's1',
    name: '=HYPERLINK("http://evil")\n,x',
    lat: 1,
    lon: 2,
    action: 'load' as const,
    bikes: 1,
    arrives_at: NOW,
    leaves_at: NOW,
    km: 0,
    load_after: 1,
    station_bikes: 1,
    station_docks: 0,
    station_capacity: 1,
    lost_without: 1,
    lost_with: 0,
  }
  const objective = { lost_without: 2, lost_with: 1, avoided: 1 }
  const plan: Plan = {
    plan_version: 1,
    id: '2024-09-03-2030-00000000',
    city: 'sim',
    timezone: 'America/New_York',
    made_at: NOW,
    at: NOW,
    horizon_ends_at: NOW,
    state: 'proposed',
    events: [],
    settings: SETTINGS,
    constraints: {
      constraints_version: 1,
      updated_at: null,
      by: null,
      depots: [],
      crews: [],
      closed_stations: [],
    },
    basis: {
      state_at: NOW,
      stations: 1,
      history_days: 1,
      history_from: '2024-09-02',
      history_to: '2024-09-02',
      predictions_bikes: null,
      predictions_docks: null,
    },
    no_plan_reason: null,
    objective,
    solver: {
      name: 'HiGHS',
      status: 'timeout',
      message: null,
      bound: null,
      gap: null,
      relaxed_bound: null,
      candidate_stations: 2,
      routes_considered: 1,
      seconds: null,
      source: 'greedy',
    },
    routes: [
      {
        truck: 1,
        crew: null,
        depot: null,
        capacity: 5,
        starts_at: NOW,
        ends_at: NOW,
        shift_ends_at: NOW,
        km: 0,
        bikes: 1,
        avoided: 1,
        stops: [stop, stop],
      },
    ],
    greedy: { objective, routes: [] },
  }
  expect(planCsv(plan)).toContain(`,"'=HYPERLINK(""http://evil"")\n,x",`)
  expect(planText(plan)).toContain('The solver found nothing better in its time.')
})

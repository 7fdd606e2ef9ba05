import { describe, expect, it, onTestFinished } from 'vitest'
import { openLocalPlatform } from '../../../test/support/local-platform.ts'
import { configSchema } from '../../core/config/schema.ts'
import { OperatorError } from '../../core/errors.ts'
import { silentReporter } from '../../core/report.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, parseTime } from '../../core/time.ts'
import { createLake } from '../../data/lake/lake-info.ts'
import type { Platform } from '../../platform/ports.ts'
import { openCityScheduler } from './city-scheduler.ts'
import type { Job, JobResult, LakeRun } from './job.ts'
import { readState } from './state.ts'
import { openScheduler } from './scheduler.ts'

const NOON = parseTime('2024-03-12T12:00:05Z')
const DONE: JobResult = { outcome: 'done' }

const batchJob = (name: string, run: Job['run'], more: Partial<Job> = {}): Job => ({
  name,
  lane: 'main',
  cadence: { kind: 'every', every: BATCH_SECONDS, after: 5 },
  catchUp: { most: 2 * DAY_SECONDS },
  limit: 60,
  backoff: 600,
  run,
  ...more,
})

/** A lake, and jobs that write down what they did under `did/`. */
async function city(name = 'toy') {
  const local = await openLocalPlatform()
  onTestFinished(() => local.close())
  await createLake(local.store, {
    city: name,
    timezone: 'America/New_York',
    country: 'US',
    system_name: null,
    feed_url: null,
    virtual_now: null,
  })
  const did: string[] = []
  const time = { ms: 0, wall: NOON }
  const record =
    (job: string) =>
    ({ at }: LakeRun): Promise<JobResult> => {
      did.push(`${job} ${new Date(at * 1000).toISOString().slice(8, 16)}`)
      return Promise.resolve(DONE)
    }
  const scheduled = {
    name,
    platform: local as unknown as Platform,
    ingest: { feedUrl: '', client: {} as never, weather: { source: 'none' } as const },
    settings: configSchema.parse({}),
  }
  const options = (jobs: readonly Job[]) => ({
    holder: { host: 'here', pid: process.pid },
    wall: () => time.wall,
    elapsedMs: () => time.ms,
    report: silentReporter,
    jobs,
  })
  const open = async (jobs: readonly Job[], more: { budgetMs?: number } = {}) => {
    const scheduler = openCityScheduler(scheduled, { ...options(jobs), ...more })
    expect(await scheduler.begin()).toBeUndefined()
    onTestFinished(() => scheduler.close())
    return scheduler
  }
  return { store: local.store, did, time, record, scheduled, options, open }
}

describe('the scheduler of a city', () => {
  it('does every nominal time once and in order, those of one time in the table’s order, over a restart too', async () => {
    const { did, record, open } = await city()
    const jobs = [batchJob('a', record('a')), batchJob('b', record('b'))]
    const first = await open(jobs)
    await first.tick(NOON)
    await first.tick(NOON + 30)
    await first.tick(NOON + 600)
    await first.close()
    const second = await open(jobs)
    await second.tick(NOON + 630)
    await second.tick(NOON + 1800)
    expect(did).toEqual(['12:00', '12:10', '12:20', '12:30'].flatMap((t) => [`a 12T${t}`, `b 12T${t}`]))
  })

  it('goes on with the others when a job fails, which is tried again after a growing pause, its later times waiting for it', async () => {
    const { did, record, open } = await city()
    let broken = true
    const fails = batchJob('fails', (run) =>
      broken ? Promise.reject(new OperatorError('UNAVAILABLE', 'no disk')) : record('fails')(run),
    )
    const scheduler = await open([fails, batchJob('b', record('b'))])
    const outcomes = async (now: number) =>
      (await scheduler.tick(now)).ran.map(({ job, outcome }) => `${job} ${outcome}`)
    expect(await outcomes(NOON)).toEqual(['fails failed', 'b done'])
    expect(await outcomes(NOON + 29)).toEqual([])
    expect(await outcomes(NOON + 30)).toEqual(['fails failed'])
    expect(await outcomes(NOON + 80)).toEqual([])
    expect(scheduler.nextDue(NOON + 30)).toBe(NOON + 90)
    expect(scheduler.late(NOON + 80)).toEqual([
      'fails is 1 min late: failed 2 times in a row, last as of 2024-03-12T12:00:00Z: no disk',
    ])
    broken = false
    expect(await outcomes(NOON + 600)).toEqual(['fails done', 'fails done', 'b done'])
    expect(did).toEqual(['b 12T12:00', 'fails 12T12:00', 'fails 12T12:10', 'b 12T12:10'])
    expect(scheduler.late(NOON + 600)).toEqual([])
  })

  it('gives up a time that failed five times, says so, and does the next', async () => {
    const { store, did, record, open } = await city()
    const job = batchJob('a', (run) =>
      run.at === NOON - 5 ? Promise.reject(new OperatorError('CORRUPT', 'torn')) : record('a')(run),
    )
    const scheduler = await open([job])
    for (let minute = 0; minute <= 60; minute++) await scheduler.tick(NOON + minute * 60)
    expect(did).toEqual(['10', '20', '30', '40', '50'].map((m) => `a 12T12:${m}`).concat('a 12T13:00'))
    expect((await readState(store))?.skipped).toMatchObject([
      { job: 'a', from: NOON - 5, count: 1, why: 'failed 5 times: torn' },
    ])
  })

  it('does now before what was missed, and leaves what its time does not reach to the next tick', async () => {
    const { did, time, record, open } = await city()
    const slowly =
      (name: string): Job['run'] =>
      (run) => {
        time.ms += 1000
        return record(name)(run)
      }
    const jobs = [batchJob('predict', slowly('p'), { nowFirst: true }), batchJob('quality', slowly('q'))]
    const scheduler = await open(jobs, { budgetMs: 2500 })
    await scheduler.tick(NOON)
    did.length = 0
    const late = NOON + HOUR_SECONDS
    expect((await scheduler.tick(late)).behind).toBeGreaterThan(0)
    expect(did).toEqual(['p 12T13:00', 'p 12T12:10', 'q 12T12:10'])
    while ((await scheduler.tick(late)).behind > 0);
    expect(did.filter((line) => line.startsWith('q'))).toEqual(
      ['12:10', '12:20', '12:30', '12:40', '12:50', '13:00'].map((t) => `q 12T${t}`),
    )
    expect(did).toHaveLength(12)
  })

  it('calls a job that takes too long late, does the others, and does not begin it again while it goes on', async () => {
    const { did, record, open } = await city()
    let end = (): void => {}
    let begun = 0
    const hangs = batchJob(
      'hangs',
      ({ signal }) => {
        begun++
        return new Promise((_, reject) => {
          end = () => reject(new Error('ended'))
          signal.addEventListener('abort', end)
        })
      },
      { limit: 0.05 },
    )
    const scheduler = await open([hangs, batchJob('b', record('b'))])
    const { ran } = await scheduler.tick(NOON)
    expect(ran.map(({ job, outcome }) => `${job} ${outcome}`)).toEqual(['hangs late', 'b done'])
    expect(did).toEqual(['b 12T12:00'])
    expect(begun).toBe(1)
    expect(scheduler.late(NOON)[0]).toMatch(
      /hangs: its run as of .* is late: it took longer than the 0.05 s it may/,
    )
  })

  it('never lets the slow lane hold up the main one, and does one job of it at a time', async () => {
    const { did, record, open } = await city()
    const gates: (() => void)[] = []
    let atOnce = 0
    const slow = (name: string): Job =>
      batchJob(
        name,
        async (run) => {
          expect(++atOnce).toBe(1)
          await new Promise<void>((resolve) => gates.push(resolve))
          atOnce--
          return record(name)(run)
        },
        { lane: 'slow' },
      )
    const scheduler = await open([batchJob('main', record('main')), slow('s1'), slow('s2')])
    await scheduler.tick(NOON)
    await scheduler.tick(NOON + 600)
    expect(did).toEqual(['main 12T12:00', 'main 12T12:10'])
    while (did.length < 5) {
      gates.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await scheduler.idle()
    expect(did.slice(2)).toEqual(['s1 12T12:00', 's1 12T12:10', 's2 12T12:10'])
  })

  it('after the clock went back an hour does nothing twice, goes on with now, and says that the clock was set', async () => {
    const { store, did, time, record, open } = await city()
    const jobs = [batchJob('predict', record('p'), { nowFirst: true }), batchJob('quality', record('q'))]
    const scheduler = await open(jobs)
    await scheduler.tick(NOON)
    await scheduler.tick(NOON + 600)
    did.length = 0
    for (const ago of [HOUR_SECONDS, HOUR_SECONDS - 600]) {
      await scheduler.tick(NOON - ago)
      time.ms += 600_000
    }
    // A batch that is done is not made again by predict itself.
    expect(did).toEqual(['p 12T11:00', 'p 12T11:10'])
    expect((await readState(store))?.clock_step).toEqual({ by: -HOUR_SECONDS - 600, to: NOON - HOUR_SECONDS })
    did.length = 0
    await scheduler.tick(NOON + 1200)
    expect(did.filter((line) => line.startsWith('q'))).toEqual(['q 12T12:20'])
  })

  it('after the clock went a day forward keeps to the bounds, does nothing for the future, and takes no time for done once it is right again', async () => {
    const { store, did, time, record, open } = await city()
    const scheduler = await open([batchJob('quality', record('q'), { catchUp: { most: 2 * HOUR_SECONDS } })])
    await scheduler.tick(NOON)
    time.ms += 600_000
    did.length = 0
    await scheduler.tick(NOON + 600 + DAY_SECONDS)
    expect(did).toHaveLength(13)
    expect(did.at(-1)).toBe('q 13T12:10')
    const state = await readState(store)
    expect(state?.clock_step?.by).toBe(DAY_SECONDS)
    expect(state?.skipped).toMatchObject([{ job: 'quality', count: 132, why: 'more than 2 h ago' }])
    did.length = 0
    time.ms += 600_000
    await scheduler.tick(NOON + 1200)
    expect(did).toEqual(['q 12T12:20'])
  })

  it('keeps one city going when another cannot be, and names who holds its lake', async () => {
    const [good, bad] = [await city('good'), await city('bad')]
    const other = openCityScheduler(bad.scheduled, {
      ...bad.options([]),
      holder: { host: 'elsewhere', pid: 7 },
    })
    await other.begin()
    onTestFinished(() => other.close())
    const scheduler = openScheduler({
      ...good.options([batchJob('a', ({ city: { name }, at }) => good.record(name)({ at } as LakeRun))]),
      cities: [bad.scheduled, good.scheduled],
    })
    onTestFinished(() => scheduler.close())
    expect(await scheduler.begin()).toMatchObject([
      { city: 'bad', heldBy: { holder: { host: 'elsewhere', pid: 7 } } },
    ])
    const { cities, failed } = await scheduler.tick(NOON)
    expect(cities.map((tick) => tick.city)).toEqual(['good'])
    expect(failed.map((tick) => tick.city)).toEqual(['bad'])
    expect(good.did).toEqual(['good 12T12:00'])
  })
})

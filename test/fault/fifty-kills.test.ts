import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentReporter } from '../../src/core/report.ts'
import { batchFloor, isoOf, parseTime } from '../../src/core/time.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { startReplay, type Replay } from '../../src/data/lake/replay.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { mustRun, startCli } from '../support/cli.ts'
import { folderHashes } from '../support/folder-hashes.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const CITY = 'victim'
const DAYS = 9
const FROM = parseTime('2024-09-02T00:00:00Z')
/** The lake begins with what was before this; then the feed goes on. */
const LIVE_FROM = parseTime('2024-09-10T20:00:00Z')
const SNAPSHOTS = 7
const LAST = LIVE_FROM + (SNAPSHOTS - 1) * 300
/** Folders that are no data: temporary files, captured requests (they have random ids) and the host's own state. */
const NOT_DATA = ['.tmp', 'datacapture', 'host', 'staging']
const KILLS = 50

/** Hashes of a lake's data. SageMaker's metrics count requests, and a batch that was killed asked twice. */
async function dataOf(dataDir: string): Promise<Record<string, string>> {
  const hashes = await folderHashes(join(dataDir, CITY), NOT_DATA)
  return Object.fromEntries(
    Object.entries(hashes).filter(([key]) => !key.startsWith('metrics/AWS%2FSageMaker/')),
  )
}

interface Job {
  readonly name: string
  /** Before every start. */
  readonly before?: () => void
  readonly args: (dataDir: string) => string[]
}

let folder: string
let feed: LocalPlatform
let replay: Replay
let jobs: Job[]

beforeAll(async () => {
  folder = await makeTempDir()
  feed = await openLocalPlatform(join(folder, 'feed'))
  const written = await writeSimulation(feed.warehouse, {
    seed: 7,
    stations: 150,
    from: FROM,
    days: DAYS,
    timezone: 'America/New_York',
    status: 'recording/status.parquet',
    information: 'recording/information.parquet',
    weather: 'recording/weather.parquet',
  })
  const path = (key: string): string => join(feed.root, key)
  const recording = {
    status: written.status.map((file) => path(file.key)),
    information: [path(written.information.key)],
    weather: [path(written.weather.key)],
  }
  await importRecording(feed, {
    city: CITY,
    timezone: 'America/New_York',
    country: 'US',
    ...recording,
    report: silentReporter,
  })
  replay = await startReplay(feed, { city: CITY, from: LIVE_FROM })
  const config = join(folder, 'bikeshare.toml')
  await writeFile(
    config,
    `city = "${CITY}"\n[cities.${CITY}]\ngbfs_url = "${replay.url}"\ncountry = "US"\nweather = "none"\nallow_private_feeds = true\n[train]\nnum_round = 80\n`,
  )
  const common = (dataDir: string, now: number): string[] => [
    '--config',
    config,
    '--data-dir',
    dataDir,
    '--now',
    isoOf(now),
    '--json',
  ]
  jobs = [
    {
      name: 'import',
      args: (dataDir) => [
        'import',
        ...common(dataDir, LIVE_FROM),
        '--timezone',
        'America/New_York',
        '--country',
        'US',
        '--to',
        isoOf(LIVE_FROM),
        '--status',
        ...recording.status,
        '--information',
        ...recording.information,
        '--weather',
        ...recording.weather,
      ],
    },
    ...Array.from({ length: SNAPSHOTS }, (_, i) => LIVE_FROM + i * 300).map((now) => ({
      name: 'ingest',
      before: () => replay.advanceTo(now),
      args: (dataDir: string) => ['ingest', ...common(dataDir, now)],
    })),
    { name: 'features', args: (dataDir) => ['features', 'build', ...common(dataDir, LAST)] },
    { name: 'train', args: (dataDir) => ['train', ...common(dataDir, LAST), '--until', isoOf(LIVE_FROM)] },
    {
      name: 'deploy',
      args: (dataDir) => ['endpoints', 'deploy', '--stage', 'staging', ...common(dataDir, LAST)],
    },
    { name: 'predict', args: (dataDir) => ['predict', ...common(dataDir, LAST)] },
  ]
})

afterAll(async () => {
  await replay.close()
  await feed.close()
  await rm(folder, { recursive: true, force: true })
})

/** mulberry32: the moments of the kills are the same in every run. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function invoke(url: string): Promise<string> {
  const client = new SageMakerRuntimeClient({
    endpoint: url,
    region: 'ca-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  })
  try {
    const row = Array.from({ length: 25 }, () => '0.5').join(',')
    const answer = await client.send(
      new InvokeEndpointCommand({
        EndpointName: 'bikeshare-staging',
        ContentType: 'text/csv',
        Body: `${row}\n`,
      }),
    )
    return new TextDecoder().decode(answer.Body)
  } finally {
    client.destroy()
  }
}

describe('a lake whose jobs are killed', () => {
  it('`kill -9` of ingest, features, train, predict and serve at random moments, fifty times, then a run to the end: the same lake, byte for byte in its data, as one never killed', async () => {
    const calm = join(folder, 'calm')
    const victim = join(folder, 'victim')
    const random = chance(20_241_124)
    const milliseconds: number[] = []
    for (const job of jobs) {
      job.before?.()
      const started = performance.now()
      await mustRun(job.args(calm))
      milliseconds.push(performance.now() - started)
    }

    const kills: Record<string, number> = {}
    const serveKills = 5
    const perJob = Math.ceil((KILLS - serveKills) / jobs.length)
    for (const [i, job] of jobs.entries()) {
      job.before?.()
      // A job that was faster than its killer has less left to do the next time: the killer comes sooner.
      let within = milliseconds[i] ?? 0
      for (let killed = 0, tries = 0; killed < perJob && tries < 4 * perJob; tries++) {
        const run = startCli(job.args(victim))
        await Promise.race([sleep(random() * within), run.done])
        const { code } = await run.stop('SIGKILL')
        if (code === null) {
          kills[job.name] = (kills[job.name] ?? 0) + 1
          killed++
        } else {
          expect(code).toBe(0)
          within *= 0.6
        }
      }
      await mustRun(job.args(victim))
    }

    const serve = (): ReturnType<typeof startCli> =>
      startCli(['serve', '--port', '0', '--city', CITY, '--data-dir', victim, '--now', isoOf(LAST)])
    const answers = new Set<string>()
    for (let k = 0; k <= serveKills; k++) {
      const server = serve()
      const url = (await server.printed(/at (http:\S+)/))[1] ?? ''
      answers.add(await invoke(url))
      if (k === serveKills) expect((await server.stop('SIGTERM')).code).toBe(0)
      else {
        void invoke(url).catch(() => {})
        await sleep(random() * 20)
        await server.stop('SIGKILL')
        kills['serve'] = (kills['serve'] ?? 0) + 1
      }
    }
    console.log(`killed: ${JSON.stringify(kills)}`)
    expect(Object.values(kills).reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(KILLS)
    expect(Object.keys(kills).sort()).toEqual(
      expect.arrayContaining(['features', 'import', 'ingest', 'predict', 'serve', 'train']),
    )
    expect(answers.size).toBe(1)

    const hashes = await dataOf(calm)
    expect(Object.keys(hashes).some((key) => key.endsWith('predictions.parquet'))).toBe(true)
    expect(
      hashes[
        `inference/endpoint=bikeshare-staging/city=${CITY}/ds=2024-09-10/dt=${isoOf(batchFloor(LAST)).replaceAll(/[T:]/g, '-').slice(0, 19)}/predictions.parquet`
      ],
    ).toBeDefined()
    expect(await dataOf(victim)).toEqual(hashes)
  })
})

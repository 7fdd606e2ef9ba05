import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { inject, vi } from 'vitest'
import { configSchema } from '../../src/core/config/schema.ts'
import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { openFeedClient } from '../../src/data/gbfs/feed-client.ts'
import { startReplay } from '../../src/data/lake/replay.ts'
import { DEFAULT_VIEWS, VIEWS } from '../../src/data/lake/views.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { mirrorPackages } from '../../src/operations/release/mirror-packages.ts'
import { beginRelease } from '../../src/operations/release/release-store.ts'
import { openCityScheduler, type CityTick } from '../../src/operations/scheduler/city-scheduler.ts'
import { partOf } from '../../src/operations/scheduler/parts.ts'
import { openAthenaWarehouse } from '../../src/platform/aws/athena-warehouse/athena-warehouse.ts'
import { ensureGlueTables } from '../../src/platform/aws/glue-tables/ensure-glue-tables.ts'
import { openAwsServing } from '../../src/platform/aws/open-aws-serving.ts'
import { openS3Store } from '../../src/platform/aws/s3-store/s3-store.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import type { Platform } from '../../src/platform/ports.ts'
import {
  CITY,
  LIVE_FROM,
  openReleaseCity,
  PROD,
  registerAgain,
  releaseOf,
} from '../../test/support/release-city.ts'
import { libraryPath } from '../../test/support/stump-model.ts'
import { motoUrl, newBucket } from '../../test/aws/environment/bucket.ts'
import { openFront, REGION } from '../../test/aws/environment/environment.ts'
import { openAwsServers } from '../../test/aws/servers/aws-servers.ts'
import { openRecorder, type RecordedCall } from '../../test/aws/servers/recorder.ts'

export const PREFIX = `${CITY}/`
export const DATABASE = 'mlops_bikeshare'
export const ENDPOINT_ROLE = 'arn:aws:iam::000000000000:role/endpoint'
export const TRAINING_ROLE = 'arn:aws:iam::000000000000:role/training'
export const TOPIC = `arn:aws:sns:${REGION}:000000000000:bikeshare-alarms`
const ENDPOINTS = [PROD, 'bikeshare-staging', 'bikeshare-prod-docks', 'bikeshare-staging-docks']
const CONFIG = configSchema.parse({
  train: { num_round: 60, max_depth: 4, eta: 0.15 },
  // What is past a day goes, so that there is something to remove.
  retention: { raw_days: 1, inference_days: 1, monitoring_days: 1, query_results_days: 1 },
  run: { retrain_weekday: 'friday', retrain_hour: 1 },
})

/** Of the feed, five minutes apart. */
const SNAPSHOTS = 9

/** A part's life on AWS: the calls it made under its name, and runs of its jobs that failed. */
export interface LivedParts {
  readonly calls: readonly RecordedCall[]
  readonly bucket: string
  readonly failed: readonly string[]
  /** Names of the jobs that were run. */
  readonly jobs: readonly string[]
}

/**
 * A small city whose jobs are done part by part, as the tasks of the stacks do them, with everything on AWS: the lake in S3,
 * statements in Athena's place, SageMaker and CloudWatch. Seventy stations, one release, one retraining.
 */
export async function liveParts(): Promise<LivedParts> {
  const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
  const city = await openReleaseCity(scorer)
  const trial = await city.open()
  const [bucket, front] = [await newBucket(), await openFront(inject('trino') ?? '', motoUrl())]
  let now = LIVE_FROM
  const recorder = openRecorder()
  const access = { region: REGION, endpoint: motoUrl() }
  const lake = { bucket, prefix: PREFIX }
  const plain = openS3Store({ ...access, ...lake })
  for (const key of await filesBelow(trial.platform.root))
    if (!/^(host|metrics|deployments|history|scheduler)\//.test(key))
      await plain.put(key, await readFile(join(trial.platform.root, key)))
  // The copy goes on, to be the feed.
  for (let batch = 0; batch < 5; batch++) await trial.batch({ predict: false })
  await ensureGlueTables(access, {
    database: DATABASE,
    location: lake,
    cities: [CITY],
    endpoints: ENDPOINTS,
    since: '2024-08-01',
    views: VIEWS.map(({ key, sql, columns }) => ({ name: DEFAULT_VIEWS[key], sql, columns })),
  })
  const servers = await openAwsServers({
    store: plain,
    lake,
    libraryPath: libraryPath(),
    clock: () => now,
    inProcess: true,
  })
  for (const [name, value] of Object.entries(servers.env)) vi.stubEnv(name, value)
  const { onClient } = recorder
  const store = openS3Store({ ...access, ...lake, onClient })
  const warehouse = await openAthenaWarehouse({
    ...access,
    ...lake,
    onClient,
    database: DATABASE,
    workgroup: 'primary',
    output: `s3://${bucket}/athena_results/`,
    athenaEndpoint: front.url,
    glueEndpoint: motoUrl(),
    tempFolder: tmpdir(),
    random: Math.random,
  })
  const serving = openAwsServing({
    access: { region: REGION, onClient },
    lake,
    store,
    endpointRoleArn: ENDPOINT_ROLE,
    trainingRoleArn: TRAINING_ROLE,
    alarmTopicArn: TOPIC,
    libraryPath,
  })
  const platform: Platform = {
    store,
    warehouse,
    endpoints: serving.endpoints,
    trainer: serving.trainer,
    metrics: serving.metrics,
    alarms: serving.alarms,
    packages: serving.packages,
    scorer,
    serveEndpoints: serving.serveEndpoints,
    close: async () => {},
  }
  const replay = await startReplay(trial.platform, { city: CITY, from: LIVE_FROM })
  const client = openFeedClient({ allowPrivate: true, retries: 0 })
  const [failed, jobs] = [[] as string[], new Set<string>()]
  const part = async (name: string, times: readonly EpochSeconds[]): Promise<void> => {
    const note = ({ ran }: CityTick): void => {
      for (const { job, outcome, error } of ran) {
        jobs.add(job)
        if (outcome === 'failed' || outcome === 'late') failed.push(`${job}: ${error ?? outcome}`)
      }
    }
    const scheduler = openCityScheduler(
      {
        name: CITY,
        platform,
        ingest: {
          feedUrl: replay.url,
          client,
          weather: { source: 'open-meteo', base: replay.origin },
          replayed: true,
          metric: { namespace: CONFIG.cw_custom_ns, endpoint: PROD },
        },
        settings: CONFIG,
        feedTimes: Array.from({ length: SNAPSHOTS }, (_, i) => LIVE_FROM + i * 300),
      },
      {
        holder: { host: 'task', pid: 1 },
        wall: () => now,
        elapsedMs: () => 0,
        report: silentReporter,
        part: partOf(name),
      },
    )
    await recorder.during(name, async () => {
      await scheduler.begin()
      for (const time of times) {
        now = time
        replay.advanceTo(time)
        note(await scheduler.tick(time))
        await scheduler.idle()
      }
      // Runs of the slow lane are told by the tick after them.
      note(await scheduler.tick(now))
      await scheduler.close()
    })
  }
  const common = { city: CITY, target: 'bikes', ...trial.model, by: 'workflow' } as const
  try {
    await recorder.during('workflow', () => deployModel(platform, { ...common, endpoint: PROD, now }))
    await part(
      'ingest',
      Array.from({ length: SNAPSHOTS }, (_, i) => LIVE_FROM + 5 + i * 300),
    )
    await part('batch', [LIVE_FROM + 670, LIVE_FROM + 2470])
    const version = '20240911T000000Z-77777777'
    await registerAgain(plain, trial.model, version)
    // The training that the model comes from.
    await mirrorPackages(platform, [{ ...trial.model, version }], { warn: (message) => failed.push(message) })
    await recorder.during('workflow', async () => {
      const release = await releaseOf(
        store,
        { ...trial.model, version },
        {
          by: 'workflow',
          why: 'to see what it calls',
          strategy: { type: 'canary', canary_percent: 20, wait_seconds: 60 },
          alarms: ['prod-endpoint-5xx-crit'],
          now,
        },
      )
      await beginRelease(store, release)
    })
    await part('release', [now + 300, now + 600, now + 1200])
    await part('daily', [LIVE_FROM + 16 * HOUR_SECONDS + 1200, LIVE_FROM + 3 * DAY_SECONDS + 1200])
    await part('retrain', [LIVE_FROM + DAY_SECONDS, LIVE_FROM + 3 * DAY_SECONDS])
  } finally {
    vi.unstubAllEnvs()
    await client.close()
    await replay.close()
    await serving.close()
    await warehouse.close()
    store.close()
    plain.close()
    await servers.close()
    await front.close()
    await trial.close()
    await city.close()
    await scorer.close()
  }
  return { calls: recorder.calls.filter(({ job }) => job !== ''), bucket, failed, jobs: [...jobs] }
}

/** Keys of the files of a folder. */
async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

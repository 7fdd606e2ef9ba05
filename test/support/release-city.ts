import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Release, Strategy } from '../../src/core/contracts/release.ts'
import { modelPrefix } from '../../src/core/keys.ts'
import { servedModelName } from '../../src/core/names.ts'
import { silentReporter } from '../../src/core/report.ts'
import {
  BATCH_SECONDS,
  batchFloor,
  DAY_SECONDS,
  dsOf,
  parseTime,
  type EpochSeconds,
} from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { openStatusTimeline, type StatusTimeline } from '../../src/data/lake/replay/status-timeline.ts'
import { addLiveSnapshots } from '../../src/data/lake/status-day.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { predictBatch } from '../../src/model/prediction/predict-batch.ts'
import { ARCHIVE_FILE, loadModel, registerModel } from '../../src/model/registry/registry.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { readDeployment } from '../../src/model/serving/deployments.ts'
import { trainModel } from '../../src/model/training/train.ts'
import { runQuality } from '../../src/operations/monitoring/quality/run-quality.ts'
import { openQualityWindow } from '../../src/operations/monitoring/quality/window.ts'
import { analyseCandidate } from '../../src/operations/release/judge/analyse.ts'
import { newRelease } from '../../src/operations/release/promote.ts'
import { beginRelease } from '../../src/operations/release/release-store.ts'
import { stepRelease, type Analysis } from '../../src/operations/release/step-release.ts'
import type { XgboostScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import {
  openEndpointHost,
  type EndpointHostOptions,
} from '../../src/platform/local/endpoint-host/endpoint-host.ts'
import { openTrainer } from '../../src/platform/local/in-process-trainer.ts'
import type { EndpointHost, ObjectStore } from '../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from './local-platform.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { libraryPath } from './stump-model.ts'

export const CITY = 'toy'
export const PROD = 'bikeshare-prod'
/** Where midnight UTC is nine in the morning: a life begins with a day of its own, and much happens. */
const ZONE = { timezone: 'Asia/Tokyo', country: 'JP' } as const
const NAMESPACE = 'Bikeshare/Model'
const FROM = parseTime('2024-09-02T00:00:00Z')
export const LIVE_FROM = parseTime('2024-09-11T00:00:00Z')
const DAYS = 12

/** A simulated city with a model that serves in production, to release others in. */
export interface ReleaseCity {
  /** A copy of its own of the lake, as it was at `LIVE_FROM`. */
  /** Without `elapsedMs` latencies are measured, and on a busy machine may be those of a slow model. */
  open(options?: Partial<Pick<EndpointHostOptions, 'images' | 'elapsedMs'>>): Promise<ReleaseTrial>
  close(): Promise<void>
}

/** A life of the city from `LIVE_FROM` on, by a clock that a test moves. */
export interface ReleaseTrial {
  readonly platform: LocalPlatform & { readonly endpoints: EndpointHost }
  readonly model: { readonly group: string; readonly version: string }
  /** What the city's time is; the lake's clock goes by it, and `clockError` seconds wrong. */
  time: EpochSeconds
  clockError: number
  /** Registers the model as another version, served by an image if one is named. */
  register(digit: string, image?: string): Promise<string>
  /** Begins to release a version. */
  release(version: string, strategy: Strategy): Promise<void>
  /**
   * Ten minutes of the city, and what the scheduler does after them: snapshots are taken in, the batch is predicted and
   * judged, the release goes on.
   */
  batch(o?: { readonly ingest?: boolean; readonly predict?: boolean }): Promise<Batch>
  close(): Promise<void>
}

/** How the release stands after a batch. */
export interface Batch {
  readonly release: Release | undefined
  /** The candidate's share of the traffic while the batch was predicted, in per cent. */
  readonly share: number
  readonly analyses: readonly Analysis[]
}

/** Makes one: some days of a simulation are imported, a model is trained on them and deployed. */
export async function openReleaseCity(scorer: XgboostScorer, stations = 70): Promise<ReleaseCity> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-release-'))
  const [recording, base] = [join(folder, 'recording'), join(folder, 'base')]
  await makeRecording(recording, stations)
  const model = await makeLake(recording, base, scorer)
  const history = await openLocalPlatform(join(recording, 'lake'))
  const timeline = await openStatusTimeline(history, CITY)
  let opened = 0
  return {
    async open(options = {}) {
      const root = join(folder, `trial-${opened++}`)
      await cp(base, root, { recursive: true })
      const { images = {}, elapsedMs = () => performance.now() } = options
      return openTrial(root, { timeline, model, scorer, images, elapsedMs })
    },
    async close() {
      await history.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function makeRecording(folder: string, stations: number): Promise<void> {
  const platform = await openLocalPlatform(folder)
  const key = (name: string): string => `simulation/${name}.parquet`
  const written = await writeSimulation(platform.warehouse, {
    seed: 5,
    stations,
    days: DAYS,
    from: FROM,
    timezone: ZONE.timezone,
    faults: false,
    status: key('status'),
    information: key('information'),
    weather: key('weather'),
  })
  const lake = await openLocalPlatform(join(folder, 'lake'))
  await importRecording(lake, {
    city: CITY,
    ...ZONE,
    status: written.status.map((file) => join(folder, file.key)),
    information: [join(folder, key('information'))],
    weather: [join(folder, key('weather'))],
    report: silentReporter,
  })
  await Promise.all([platform.close(), lake.close()])
}

async function makeLake(
  recording: string,
  root: string,
  scorer: XgboostScorer,
): Promise<{ group: string; version: string }> {
  const lake = await openLocalPlatform(root)
  const trainer = openTrainer({ ...lake, libraryPath: libraryPath(), env: process.env })
  const simulated = join(recording, 'simulation')
  const days = Array.from({ length: DAYS }, (_, day) => dsOf(FROM + day * DAY_SECONDS))
  await importRecording(lake, {
    city: CITY,
    ...ZONE,
    status: days.map((ds) => join(simulated, `status-${ds}.parquet`)),
    information: [join(simulated, 'information.parquet')],
    weather: [join(simulated, 'weather.parquet')],
    to: LIVE_FROM,
    report: silentReporter,
  })
  await buildFeatures(lake, { city: CITY, ...ZONE, report: silentReporter })
  const { manifest } = await trainModel(
    { ...lake, trainer, scorer },
    {
      city: CITY,
      target: 'bikes',
      until: LIVE_FROM,
      params: { num_round: 60, max_depth: 4, eta: 0.15 },
      now: LIVE_FROM,
      report: silentReporter,
    },
  )
  const { group, version } = manifest
  const endpoints = openEndpointHost({
    ...lake,
    libraryPath: libraryPath(),
    scorer,
    clock: () => LIVE_FROM,
    elapsedMs: () => 0,
    random: seededRandom(1),
  })
  await deployModel(
    { ...lake, endpoints },
    { endpoint: PROD, city: CITY, target: 'bikes', group, version, by: 'test', now: LIVE_FROM },
  )
  await endpoints.close()
  await lake.close()
  return { group, version }
}

async function openTrial(
  root: string,
  {
    timeline,
    model,
    scorer,
    images,
    elapsedMs,
  }: {
    timeline: StatusTimeline
    model: { group: string; version: string }
    scorer: XgboostScorer
    images: NonNullable<EndpointHostOptions['images']>
    elapsedMs: () => number
  },
): Promise<ReleaseTrial> {
  const lake = await openLocalPlatform(root)
  const { store } = lake
  const clock = (): EpochSeconds => trial.time + trial.clockError
  const alarms = openAlarmStore({ store, metrics: lake.metrics, clock })
  const endpoints = openEndpointHost({
    ...lake,
    libraryPath: libraryPath(),
    scorer,
    alarms,
    images,
    clock,
    elapsedMs,
    random: seededRandom(17),
    refreshMs: 0,
  })
  const platform = { ...lake, alarms, endpoints }
  const window = openQualityWindow()
  const predict = async (slot: EpochSeconds): Promise<void> => {
    // A batch that is not whole is tried again, as the scheduler does.
    for (let attempt = 0; attempt < 3; attempt++) {
      const results = await predictBatch(platform, {
        city: CITY,
        ...ZONE,
        slot,
        now: clock(),
        report: silentReporter,
        wait: async () => {},
      })
      if (results.every(({ outcome }) => outcome !== 'pending')) return
    }
  }
  const goOn = async (analyses: Analysis[]): Promise<Release | undefined> => {
    let release: Release | undefined
    for (let look = 0; look < 400; look++) {
      release = await stepRelease(platform, {
        now: clock(),
        analyse: async (current, now) => {
          const analysis = await analyseCandidate(platform, current, { now, namespace: NAMESPACE })
          analyses.push(analysis)
          return analysis
        },
      })
      // Loading a container takes seconds of the wall clock, during which the city stands still.
      if (!release || release.phase === 'baking' || ['done', 'rolled_back', 'failed'].includes(release.phase))
        return release
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`the release stays ${release?.phase}`)
  }
  const trial: ReleaseTrial = {
    platform,
    model,
    time: LIVE_FROM,
    clockError: 0,
    async register(digit, image) {
      const version = `20240911T000000Z-${digit.repeat(8)}`
      await registerAgain(store, model, version)
      if (image !== undefined)
        await endpoints.createModel({
          ModelName: servedModelName(model.group, version),
          PrimaryContainer: {
            ModelDataUrl: `${modelPrefix(model.group, version)}${ARCHIVE_FILE}`,
            Image: image,
          },
        })
      return version
    },
    async release(version, strategy) {
      const asked = { by: 'ann', why: 'a test', strategy, alarms: [], now: clock() }
      await beginRelease(store, await releaseOf(store, { group: model.group, version }, asked))
      expect((await goOn([]))?.phase).toBe('baking')
    },
    async batch({ ingest = true, predict: predicts = true } = {}) {
      const before = trial.time
      trial.time += BATCH_SECONDS
      const now = clock()
      const slot = batchFloor(now - 5)
      for (const at of ingest ? [before + 300, trial.time] : []) {
        const snapshot = await timeline.newestAt(at)
        if (snapshot) await addLiveSnapshots(platform, CITY, dsOf(snapshot.last_updated), [snapshot])
      }
      const served = await readDeployment(store, PROD)
      const share = served?.variants.find(({ variant }) => variant === 'Candidate')?.weight ?? 0
      if (predicts) await predict(slot)
      await endpoints.flush()
      await runQuality(platform, {
        city: CITY,
        timezone: ZONE.timezone,
        at: slot,
        now,
        namespace: NAMESPACE,
        window,
        live: true,
      })
      const analyses: Analysis[] = []
      return { release: await goOn(analyses), share, analyses }
    },
    async close() {
      await endpoints.close()
      await lake.close()
    },
  }
  return trial
}

/** Registers a model once more, as another version. */
export async function registerAgain(
  store: ObjectStore,
  model: { readonly group: string; readonly version: string },
  version: string,
): Promise<void> {
  const { manifest, model: file } = await loadModel(store, model.group, model.version)
  const { files: _, model_sha256: __, ...known } = manifest
  await registerModel(store, { manifest: { ...known, version }, model: file, report: {} })
}

/** The release of a version in production, whatever a gate would say of it. */
export async function releaseOf(
  store: ObjectStore,
  { group, version }: { readonly group: string; readonly version: string },
  asked: Pick<Parameters<typeof newRelease>[1], 'by' | 'why' | 'strategy' | 'alarms' | 'now'>,
): Promise<Release> {
  const deployment = await readDeployment(store, PROD)
  if (!deployment) throw new Error('nothing serves')
  const { manifest } = await loadModel(store, group, version, { city: CITY })
  return newRelease('promote', {
    city: CITY,
    ...asked,
    endpoints: [
      {
        endpoint: PROD,
        target: 'bikes',
        from: { endpoint_config: deployment.endpoint_config, variants: deployment.variants },
        candidate: {
          group,
          model_version: version,
          model_name: servedModelName(group, version),
          threshold: manifest.threshold,
        },
        existing_config: null,
        instance_type: 'ml.m5.large',
        capture_percent: 100,
        changed_before: null,
        called: false,
      },
    ],
  })
}

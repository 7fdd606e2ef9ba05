import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../../src/core/config/load.ts'
import { TARGETS, type Target } from '../../../src/core/contracts/features.ts'
import type { GateResult } from '../../../src/core/contracts/gate.ts'
import type { Evaluation, Manifest } from '../../../src/core/contracts/manifest.ts'
import type { QualityRow } from '../../../src/core/contracts/quality.ts'
import type { Release } from '../../../src/core/contracts/release.ts'
import { endpointName, type Stage } from '../../../src/core/names.ts'
import { silentReporter } from '../../../src/core/report.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../src/core/time.ts'
import { buildFeatures } from '../../../src/data/features/build.ts'
import { openFeedClient } from '../../../src/data/gbfs/feed-client.ts'
import { importRecording } from '../../../src/data/lake/import.ts'
import { ingestOnce } from '../../../src/data/lake/ingest.ts'
import { startReplay } from '../../../src/data/lake/replay.ts'
import type { BatchResult } from '../../../src/model/prediction/batch-result.ts'
import { predictBatch } from '../../../src/model/prediction/predict-batch.ts'
import { readHistory, verifyHistory } from '../../../src/model/serving/history.ts'
import { evaluateModel } from '../../../src/model/training/evaluate-model.ts'
import { trainModel } from '../../../src/model/training/train.ts'
import { syncAlarms } from '../../../src/operations/alarms/sync-alarms.ts'
import { runDrift } from '../../../src/operations/monitoring/drift/run-drift.ts'
import { runQuality } from '../../../src/operations/monitoring/quality/run-quality.ts'
import { deployToStage } from '../../../src/operations/release/deploy-to-stage.ts'
import { analyseCandidate } from '../../../src/operations/release/judge/analyse.ts'
import { beginPromotion } from '../../../src/operations/release/promote.ts'
import { hasEnded } from '../../../src/operations/release/release-store.ts'
import { beginRollback } from '../../../src/operations/release/rollback.ts'
import { stepRelease } from '../../../src/operations/release/step-release.ts'
import type { Platform } from '../../../src/platform/ports.ts'
import { CITY, END, type Recorded, ZONE } from './recording.ts'

const { cw_custom_ns: NAMESPACE, serve: SERVE, region: REGION } = loadConfig({})
/** Staging has been deployed for a day when the gate is asked. */
const STAGED = END - DAY_SECONDS - BATCH_SECONDS
/** The last batches are of a live feed, and production predicts them too. */
export const LIVE_FROM = END - HOUR_SECONDS / 2
const CANDIDATE_ROUNDS = 60
const FEW_ROUNDS = 25
const BATCHES_AT_ONCE = HOUR_SECONDS / BATCH_SECONDS
const CANARY = { type: 'canary', canary_percent: 10, wait_seconds: 60 } as const

/** All that a life came to. */
export interface Life {
  readonly manifests: readonly Manifest[]
  readonly evaluations: readonly Evaluation[]
  readonly ingested: readonly string[]
  readonly batches: readonly BatchResult[]
  readonly quality: readonly QualityRow[]
  readonly drift: readonly (number | null)[]
  readonly gates: readonly GateResult[]
  /** Without their times: how often an endpoint is looked at until it is there is the platform's affair. */
  readonly releases: readonly Omit<Release, 'id' | 'since' | 'timeline'>[]
  readonly timelines: readonly (readonly string[])[]
  readonly history: readonly string[]
  readonly historyProblems: readonly string[]
  readonly alarms: readonly string[]
  /** Seconds that each part took. */
  readonly took: Readonly<Record<string, number>>
}

/** The demo's main job on a platform, from a recording to a rollback. `setNow` moves the clock that endpoints go by. */
export async function live(
  platform: Platform,
  recorded: Recorded,
  setNow: (now: EpochSeconds) => void,
): Promise<Life> {
  const took: Record<string, number> = {}
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const result = await work()
    took[part] = (took[part] ?? 0) + Math.round(performance.now() - began) / 1000
    return result
  }
  const common = { city: CITY, ...ZONE, report: silentReporter }
  const { files } = recorded

  setNow(STAGED)
  await timed('import', () => importRecording(platform, { ...common, ...files, to: LIVE_FROM }))
  await timed('features', () => buildFeatures(platform, common))

  const train = (target: Target, until: EpochSeconds, num_round: number): Promise<Manifest> =>
    timed('train', async () => {
      const options = {
        city: CITY,
        target,
        until,
        params: { num_round, max_depth: 4, eta: 0.1, nthread: 1 },
        now: until,
      }
      return (await trainModel(platform, { ...options, report: silentReporter })).manifest
    })
  const manifests: Manifest[] = []
  const deploy = (stage: Stage, { group, version, target }: Manifest): Promise<unknown> =>
    timed('deploy', () =>
      deployToStage(platform, {
        stage,
        city: CITY,
        target,
        group,
        version,
        serve: SERVE,
        by: 'ann',
        now: STAGED,
      }),
    )
  const incumbent = await train('bikes', STAGED, FEW_ROUNDS)
  for (const target of TARGETS) {
    const candidate = await train(target, STAGED, CANDIDATE_ROUNDS)
    manifests.push(candidate)
    await deploy('staging', candidate)
    await deploy('prod', target === 'bikes' ? incumbent : candidate)
  }
  manifests.push(incumbent)
  await syncAlarms(platform, { city: CITY, namespace: NAMESPACE, now: STAGED, report: silentReporter })

  const batches: BatchResult[] = []
  const predict = (slots: readonly EpochSeconds[], endpoints?: readonly string[]): Promise<unknown> =>
    timed('predict', async () => {
      setNow((slots.at(-1) ?? 0) + 60)
      const results = await Promise.all(
        slots.map((slot) =>
          predictBatch(platform, {
            ...common,
            slot,
            now: slot + 60,
            namespace: NAMESPACE,
            ...(endpoints && { endpoints }),
          }),
        ),
      )
      batches.push(...results.flat())
    })
  const staging = TARGETS.map((target) => endpointName('staging', target))
  // The day before, by the hour, the batches of one side by side: that is how long it takes on AWS.
  const slots = range(END - DAY_SECONDS + BATCH_SECONDS, LIVE_FROM, BATCH_SECONDS)
  for (const first of slots.filter((_, i) => i % BATCHES_AT_ONCE === 0))
    await predict(range(first, Math.min(first + HOUR_SECONDS, LIVE_FROM), BATCH_SECONDS), staging)

  const ingested: string[] = []
  const replay = await startReplay(recorded.feed, { city: CITY, from: LIVE_FROM })
  const client = openFeedClient({ allowPrivate: true, retries: 0 })
  const ingest = (now: EpochSeconds): Promise<unknown> =>
    timed('ingest', async () => {
      setNow(now)
      replay.advanceTo(now)
      const weather = { source: 'open-meteo', base: replay.origin } as const
      const options = { city: CITY, feedUrl: replay.url, client, weather, now, report: silentReporter }
      const { outcome, last_updated, stations } = await ingestOnce(platform, { ...options, replayed: true })
      ingested.push(`${now} ${outcome} ${last_updated} ${stations}`)
    })
  try {
    for (let slot = LIVE_FROM; slot <= END; slot += BATCH_SECONDS) {
      await ingest(slot)
      await ingest(slot + 30)
      await predict([slot])
      await ingest(slot + BATCH_SECONDS / 2)
    }
  } finally {
    await client.close()
    await replay.close()
  }

  let now = END + 120
  setNow(now)
  const watched = { city: CITY, timezone: ZONE.timezone, now, namespace: NAMESPACE, live: true }
  const quality = await timed('quality', () => runQuality(platform, { ...watched, at: END }))
  const drift = await timed('drift', () => runDrift(platform, { ...watched, country: ZONE.country, at: END }))

  const releases: Release[] = []
  const follow = (): Promise<void> =>
    timed('release', async () => {
      for (let look = 0; look < 200; look++) {
        const release = await stepRelease(platform, {
          now,
          analyse: (current, at) => analyseCandidate(platform, current, { now: at, namespace: NAMESPACE }),
        })
        if (!release) return
        if (hasEnded(release)) {
          releases.push(release)
          return
        }
        // A model takes real time to be there, a bake virtual.
        await sleep(100)
        now += 10
        setNow(now)
      }
      throw new Error('a release does not end')
    })
  const { gates, release: begun } = await timed('gate', () =>
    beginPromotion(platform, {
      city: CITY,
      region: REGION,
      namespace: NAMESPACE,
      stagingEndpoint: endpointName('staging', 'bikes'),
      prodEndpoint: endpointName('prod', 'bikes'),
      targets: ['bikes'],
      instanceType: SERVE.instance_type,
      capturePercent: SERVE.capture_percent,
      strategy: CANARY,
      by: 'ann',
      why: 'a day on staging',
      now,
      report: silentReporter,
    }),
  )
  if (!begun) throw new Error(`the gate is shut: ${JSON.stringify(gates)}`)
  await follow()
  now += 600
  setNow(now)
  await beginRollback(platform, {
    city: CITY,
    endpoint: endpointName('prod', 'bikes'),
    targets: ['bikes'],
    instanceType: SERVE.instance_type,
    capturePercent: SERVE.capture_percent,
    by: 'ann',
    why: 'a trial',
    now,
  })
  await follow()

  await timed('features', () => buildFeatures(platform, common))
  const evaluations: Evaluation[] = []
  for (const { group, version } of manifests)
    evaluations.push(
      await timed('evaluate', () => evaluateModel(platform, { group, version, from: STAGED, until: END })),
    )
  const history = await readHistory(platform.store)
  return {
    manifests,
    evaluations,
    ingested,
    batches,
    quality: quality.endpoints.flatMap(({ rows }) => rows),
    drift: drift.map(({ psi }) => psi),
    gates,
    releases: releases.map((release) => ({ ...release, id: '', since: 0, timeline: [] })),
    timelines: releases.map(({ timeline }) => timeline.map(({ what }) => what)),
    history: history.map(({ seq, endpoint, action, by }) => `${seq} ${endpoint} ${action} ${by}`),
    historyProblems: await verifyHistory(platform.store),
    alarms: (await platform.alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName),
    took,
  }
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step)

import { join } from 'node:path'
import type { Config } from '../../core/config/schema.ts'
import { TARGETS, type Target } from '../../core/contracts/features.ts'
import type { Evaluation, Manifest } from '../../core/contracts/manifest.ts'
import { sha256 } from '../../core/hash.ts'
import { isOperatorError, messageOf } from '../../core/errors.ts'
import { endpointName, type Stage } from '../../core/names.ts'
import type { Reporter } from '../../core/report.ts'
import { BATCH_SECONDS, isoOf, type Clock, type EpochSeconds } from '../../core/time.ts'
import { buildFeatures } from '../../data/features/build.ts'
import { requireLake, setVirtualNow, type LakeInfo } from '../../data/lake/lake-info.ts'
import { scorePredictions } from '../../model/prediction/score-predictions.ts'
import { modelGroup } from '../../model/registry/registry.ts'
import { evaluateModel } from '../../model/training/evaluate-model.ts'
import { trainModel } from '../../model/training/train.ts'
import type { Platform, Trainer } from '../../platform/ports.ts'
import { writeDefaultCity } from '../default-city.ts'
import { deployToStage } from '../../operations/release/deploy-to-stage.ts'
import { prepareDemoFolder, removeDemoFolder } from './lakes.ts'
import type { DemoFigures, DemoSource, TargetFigures } from './options.ts'
import { planDemo, type DemoPlan } from './plan.ts'
import { tellPlans, type PlanStory } from './plan-story.ts'
import { p95, replayDay, type ReplayedDay } from './replay-day.ts'
import { openReleaseStory, type ReleaseStory } from './release-story.ts'
import { openDemoRecording } from './source.ts'

/** What a demo needs. */
export interface DemoOptions {
  readonly source: DemoSource
  readonly city: string
  readonly timezone: string | undefined
  readonly country: string | null
  readonly config: Config
  readonly dataDir: string
  readonly lakeRoot: string
  readonly openPlatform: (root: string, clock?: Clock) => Promise<Platform>
  readonly report: Reporter
  readonly signal: AbortSignal
  readonly wall: Clock
  readonly elapsedMs: () => number
}

/** What a demo came to, for people: the figures, and how the replayed day's predictions turned out. */
export interface DemoResult {
  readonly figures: DemoFigures
  readonly plan: DemoPlan
  readonly live: Readonly<Record<Target, Evaluation>>
  readonly reports: Readonly<Record<Target, string>>
  readonly story: ReleaseStory
  readonly plans: PlanStory
}

/** Who the demo says it is, in the records it leaves. */
const BY = 'demo'

/**
 * The whole system on one recording: its history is imported, both models are trained on the first four fifths of its days
 * and deployed to staging, models of earlier days to production; its last day is lived through as a feed, batch by batch, the
 * model of staging is promoted, a bad one taken back, and all is scored.
 */
export async function runDemo(o: DemoOptions): Promise<DemoResult> {
  const started = o.elapsedMs()
  const workshopRoot = join(o.dataDir, '.demo-feed')
  await prepareDemoFolder(o.lakeRoot)
  if (o.source.kind !== 'feed') await prepareDemoFolder(workshopRoot)
  const workshop = await o.openPlatform(workshopRoot)
  const time = { now: 0 }
  const lake = await o.openPlatform(o.lakeRoot, () => time.now)
  const recording = await openDemoRecording(workshop, workshopRoot, o)
  const plan = planDemo(recording.first, recording.last)

  await recording.take(lake, { to: plan.firstBatch })
  if (o.source.kind !== 'feed') await recording.take(workshop, { from: plan.firstBatch })
  time.now = plan.testFrom
  const info = await requireLake(lake.store, o.city)
  const build = (): Promise<unknown> =>
    buildFeatures(lake, { ...cityOf(info), report: o.report, signal: o.signal })
  await build()
  const { manifests, incumbents, trainingRssMb } = await trainAll(lake, info, plan, o)
  time.now = plan.firstBatch - BATCH_SECONDS
  for (const [stage, served] of [
    ['staging', manifests],
    ['prod', incumbents],
  ] as const)
    await deployBoth(lake, info, { stage, served, now: time.now }, o.config)
  const story = openReleaseStory(lake, {
    city: o.city,
    plan,
    config: o.config,
    manifests,
    by: BY,
    report: o.report,
  })
  const day = await replayDay(lake, workshop, {
    city: o.city,
    plan,
    config: o.config,
    setNow: (now) => (time.now = now),
    wall: o.wall,
    elapsedMs: o.elapsedMs,
    report: o.report,
    signal: o.signal,
    onTick: (now) => story.tick(now),
  })
  time.now = plan.end
  await build()
  await setVirtualNow(lake.store, plan.end)
  const plans = await tellPlans(lake, info, {
    now: plan.end,
    config: o.config,
    by: BY,
    report: o.report,
    signal: o.signal,
    elapsedMs: o.elapsedMs,
  })
  const result = await judge(lake, info, { plan, manifests, day, trainingRssMb, started }, o)
  await writeDefaultCity(o.dataDir, o.city)
  await workshop.close()
  if (o.source.kind !== 'feed') await removeDemoFolder(workshopRoot)
  return {
    ...result,
    story: await toldStory(story, o.lakeRoot),
    plans,
    figures: { ...result.figures, seconds: Math.round((o.elapsedMs() - started) / 100) / 10 },
  }
}

async function toldStory(story: { ended(): Promise<ReleaseStory> }, root: string): Promise<ReleaseStory> {
  const told = await story.ended()
  return told.incident === undefined ? told : { ...told, incident: join(root, told.incident) }
}

function cityOf(info: LakeInfo): { city: string; timezone: string; country: string | null } {
  return { city: info.city, timezone: info.timezone, country: info.country }
}

type Manifests = Readonly<Record<Target, Manifest>>

/** Rounds of the models that production has before: less is enough to be better than nothing. */
const INCUMBENT_ROUNDS = 60

async function trainAll(
  lake: Platform,
  info: LakeInfo,
  plan: DemoPlan,
  o: DemoOptions,
): Promise<{ manifests: Manifests; incumbents: Manifests; trainingRssMb: number }> {
  let trainingRssMb = 0
  // Training may run in a process of its own, whose memory counts as well.
  const trainer: Trainer = {
    fit: async (job, options) => {
      const trained = await lake.trainer.fit(job, options)
      trainingRssMb = Math.max(trainingRssMb, trained.peakRssMb ?? 0)
      return trained
    },
  }
  const platform = { store: lake.store, warehouse: lake.warehouse, scorer: lake.scorer, trainer }
  const train = async (target: Target, until: EpochSeconds, params = o.config.train): Promise<Manifest> => {
    const common = { city: info.city, target, report: o.report, signal: o.signal }
    return (await trainModel(platform, { ...common, until, params, now: until })).manifest
  }
  const few = { ...o.config.train, num_round: INCUMBENT_ROUNDS }
  const incumbent = async (target: Target): Promise<Manifest | undefined> => {
    try {
      return await train(target, plan.incumbentUntil, few)
    } catch (error) {
      // A short recording may not be enough for a model of its first days.
      if (!isOperatorError(error, 'CHECK_FAILED') && !isOperatorError(error, 'NOT_FOUND')) throw error
      o.report.warn(`Production begins with the model of staging: ${messageOf(error)}`)
      return undefined
    }
  }
  const before = { bikes: await incumbent('bikes'), docks: await incumbent('docks') }
  const manifests = {
    bikes: await train('bikes', plan.testFrom),
    docks: await train('docks', plan.testFrom),
  }
  const incumbents = { bikes: before.bikes ?? manifests.bikes, docks: before.docks ?? manifests.docks }
  return { manifests, incumbents, trainingRssMb }
}

async function deployBoth(
  lake: Platform,
  { city }: LakeInfo,
  { stage, served, now }: { stage: Stage; served: Manifests; now: EpochSeconds },
  { serve }: Config,
): Promise<void> {
  for (const target of TARGETS) {
    const { group, version } = served[target]
    await deployToStage(lake, { stage, city, target, group, version, serve, by: BY, now })
  }
}

async function judge(
  lake: Platform,
  info: LakeInfo,
  made: {
    plan: DemoPlan
    manifests: Manifests
    day: ReplayedDay
    trainingRssMb: number
    started: number
  },
  o: DemoOptions,
): Promise<Omit<DemoResult, 'story' | 'plans'>> {
  const { plan, manifests, day } = made
  const until = plan.end + 1
  const figuresOf = async (target: Target): Promise<TargetFigures> => {
    const manifest = manifests[target]
    const test = await evaluateModel(lake, {
      group: modelGroup(info.city, target),
      version: manifest.version,
      from: plan.testFrom,
      until,
    })
    return {
      model_version: manifest.version,
      train_until: isoOf(manifest.training.until),
      test_from: isoOf(plan.testFrom),
      train_rows: manifest.training.train_rows,
      rounds: manifest.rounds,
      pr_auc: test.pr_auc,
      persistence_pr_auc: test.persistence_pr_auc,
      onset_rows: test.onset_rows,
      onset_positives: test.onset_positives,
      onset_pr_auc: test.onset_pr_auc,
      persistence_onset_pr_auc: test.persistence_onset_pr_auc,
      brier: test.brier,
    }
  }
  const liveOf = async (target: Target): Promise<Evaluation> => {
    const endpoint = endpointName('staging', target)
    return (await scorePredictions(lake, { city: info.city, endpoint, from: plan.firstBatch, until }))
      .evaluation
  }
  const progress = o.report.start('Scoring the test days', TARGETS.length)
  const targets = { bikes: await figuresOf('bikes'), docks: await figuresOf('docks') }
  const live = { bikes: await liveOf('bikes'), docks: await liveOf('docks') }
  progress.end()
  const reportOf = (target: Target): string =>
    join(o.lakeRoot, 'models', manifests[target].group, manifests[target].version, 'report', 'report.html')
  return {
    plan,
    live,
    reports: { bikes: reportOf('bikes'), docks: reportOf('docks') },
    figures: {
      targets,
      stations: await stationCount(lake, info.city, plan),
      batches: day.batches,
      predict_p95_ms: Math.round(p95(day.batchMs)),
      seconds: Math.round((o.elapsedMs() - made.started) / 100) / 10,
      // At most: the two peaks need not have been at the same time.
      peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024) + made.trainingRssMb,
      data_sha256: sha256(`${manifests.bikes.training.data_sha256}\n${manifests.docks.training.data_sha256}`),
    },
  }
}

async function stationCount(lake: Platform, city: string, plan: DemoPlan): Promise<number> {
  const ds = isoOf(plan.lastBatch).slice(0, 10)
  const rows = await lake.warehouse.rows<{ stations: number }>({
    name: 'station-count',
    sql: 'select count(distinct station_id) as stations from features',
    tables: { features: { dataset: 'features', city, dsFrom: ds, dsTo: ds } },
  })
  return rows[0]?.stations ?? 0
}

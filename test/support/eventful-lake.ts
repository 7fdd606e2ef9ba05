import { SAGEMAKER_NAMESPACE } from '../../src/core/contracts/metrics.ts'
import type { MetricDatum } from '../../src/core/contracts/cloudwatch.ts'
import type { Deployment, DeployedVariant } from '../../src/core/contracts/deployment.ts'
import type { Incident } from '../../src/core/contracts/incident.ts'
import type { Release } from '../../src/core/contracts/release.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { silentReporter } from '../../src/core/report.ts'
import { type EpochSeconds } from '../../src/core/time.ts'
import { findDeployment, writeDeployment } from '../../src/model/serving/deployments.ts'
import { addSilence } from '../../src/operations/alarms/silences.ts'
import { syncAlarms } from '../../src/operations/alarms/sync-alarms.ts'
import { changeIncident, putIncident } from '../../src/operations/incidents/incident-store.ts'
import { writeDrift } from '../../src/operations/monitoring/drift/drift-file.ts'
import { writeEstimates } from '../../src/operations/monitoring/estimate/estimate-file.ts'
import { writeFeed } from '../../src/operations/monitoring/feed/feed-file.ts'
import { openQualityWindow } from '../../src/operations/monitoring/quality/window.ts'
import { runQuality } from '../../src/operations/monitoring/quality/run-quality.ts'
import { activeRelease, beginRelease, writeRelease } from '../../src/operations/release/release-store.ts'
import {
  CITY,
  predictionsOf,
  START,
  STATIONS,
  TIMEZONE,
  writePredictions,
  writeSnapshot,
  writeStations,
} from './quality-lake.ts'
import { writeInformation, type ReadsLake } from './reads-lake.ts'

export const PROD = 'bikeshare-prod'
export const STAGING = 'bikeshare-staging'
const NAMESPACE = 'Bikeshare/Model'

/**
 * A lake in which something happens all the time: `advance` goes on to a moment, and does what jobs, releases and operators
 * do until then. The same moments give the same lake, in however many steps it comes there.
 */
export interface EventfulLake {
  advance(to: EpochSeconds): Promise<void>
}

/** Makes one; nothing has happened yet. */
export async function openEventfulLake(lake: ReadsLake): Promise<EventfulLake> {
  const { platform } = lake.source
  const window = openQualityWindow()
  await writeStations(platform, ['2024-05-13', '2024-05-14', '2024-05-15'])
  await writeInformation(
    platform.warehouse,
    Array.from({ length: STATIONS }, (_, i) => ({ station_id: `s${String(i).padStart(2, '0')}` })),
  )
  let done = START - 1
  return {
    async advance(to) {
      for (let t = done + 1; t <= to; t++) {
        if (t % 300 === 0) {
          lake.setNow(t)
          await tick(lake, t, window)
        }
      }
      done = to
      lake.setNow(to)
    },
  }
}

async function tick(
  lake: ReadsLake,
  t: EpochSeconds,
  window: ReturnType<typeof openQualityWindow>,
): Promise<void> {
  const { platform } = lake.source
  const slot = Math.round((t - START) / 300)
  // Some snapshots are missing, one for so long that the state is unknown.
  if (slot !== 3 && !(slot > 9 && slot < 14)) await writeSnapshot(platform, t)
  if (t === START) await begin(lake, t)
  if (t % 600 === 0) {
    for (const endpoint of [PROD, STAGING])
      await writePredictions(
        platform,
        endpoint,
        t,
        predictionsOf(endpoint, t, () => ({ made_at: t })),
      )
    await runQuality(platform, {
      city: CITY,
      timezone: TIMEZONE,
      at: t,
      now: t,
      namespace: NAMESPACE,
      live: true,
      window,
    })
    await platform.metrics.putMetricData(NAMESPACE, qualityAt(t))
    await writeEstimates(platform.store, { city: CITY, endpoint: PROD }, [estimateAt(t)])
    if (t - 1800 >= START)
      await writeEstimates(platform.store, { city: CITY, endpoint: PROD }, [realisedAt(t - 1800)])
  }
  await serve(lake, t)
  await platform.alarms.evaluateAlarms(t)
  if (t % 3600 === 0) await hourly(lake, t)
  await event(lake, slot, t)
}

const VARIANTS: readonly DeployedVariant[] = [
  {
    variant: 'Baseline',
    group: 'bikeshare-demo-bikes',
    model_version: 'v1',
    model_name: 'm1',
    weight: 1,
    threshold: 0.4,
  },
  {
    variant: 'Candidate',
    group: 'bikeshare-demo-bikes',
    model_version: 'v2',
    model_name: 'm2',
    weight: 1,
    threshold: 0.4,
  },
]

function deploymentOf(endpoint: string, at: EpochSeconds, variants: readonly DeployedVariant[]): Deployment {
  return {
    endpoint,
    city: CITY,
    target: 'bikes',
    endpoint_config: `${endpoint}-${at}`,
    variants: [...variants],
    updated_at: at,
    by: 'test',
  }
}

async function begin({ source: { platform } }: ReadsLake, t: EpochSeconds): Promise<void> {
  for (const endpoint of [PROD, STAGING])
    await writeDeployment(platform.store, deploymentOf(endpoint, t, VARIANTS), undefined, {
      action: 'deploy',
      why: 'first',
    })
  await syncAlarms(platform, { city: CITY, namespace: NAMESPACE, now: t, report: silentReporter })
}

/** Figures of quality: the real job puts them only from half a day of batches on. */
function qualityAt(Timestamp: EpochSeconds): MetricDatum[] {
  const random = seededRandom(Timestamp + 1)
  const names = ['Onset-PR-AUC-24h', 'Persistence-Onset-PR-AUC-24h', 'PR-AUC-24h', 'F1-24h'] as const
  return [PROD, STAGING].flatMap((EndpointName) =>
    names.flatMap((MetricName) =>
      [{}, { VariantName: 'Baseline' }, { VariantName: 'Candidate' }].map((variant) => ({
        MetricName,
        Dimensions: { EndpointName, City: CITY, ...variant },
        Timestamp,
        Unit: 'None',
        Value: random(),
      })),
    ),
  )
}

/** Requests of the last minutes. */
async function serve({ source: { platform } }: ReadsLake, t: EpochSeconds): Promise<void> {
  const random = seededRandom(t)
  await platform.metrics.putMetricData(
    SAGEMAKER_NAMESPACE,
    [PROD, STAGING].flatMap((EndpointName) =>
      VARIANTS.flatMap(({ variant: VariantName }) => {
        const same = { Dimensions: { EndpointName, VariantName }, Timestamp: t - 60 }
        return [
          { ...same, MetricName: 'Invocations', Unit: 'Count', Value: 1 },
          {
            ...same,
            MetricName: 'ModelLatency',
            Unit: 'Microseconds',
            Value: 5000 + Math.round(400_000 * random()),
          },
          { ...same, MetricName: 'Invocation5XXErrors', Unit: 'Count', Value: random() < 0.05 ? 1 : 0 },
        ]
      }),
    ),
  )
}

async function hourly({ source: { platform } }: ReadsLake, t: EpochSeconds): Promise<void> {
  const psi = (t / 3600) % 5 === 0 ? 0.25 : 0.05
  await platform.metrics.putMetricData(NAMESPACE, [
    {
      MetricName: 'PSI',
      Dimensions: { EndpointName: PROD, City: CITY },
      Timestamp: t,
      Unit: 'None',
      Value: psi,
    },
  ])
  await writeDrift(platform.store, {
    drift_version: 1,
    city: CITY,
    endpoint: PROD,
    target: 'bikes',
    from: t - 86_400,
    at: t,
    group: 'bikeshare-demo-bikes',
    model_version: 'v1',
    requests: 1,
    rows: 600,
    unread: 0,
    psi,
    psi_feature: 'util_bikes',
    reason: null,
    features: [],
    score: null,
    label: null,
    stations: [
      {
        station_id: 's01',
        name: '<b>s01</b>',
        feature: 'util_bikes',
        baseline: 0.4,
        window: 0.5,
        shift: 1.5,
      },
    ],
    skew: null,
    weather: null,
  })
  await writeFeed(platform.store, {
    feed_version: 1,
    city: CITY,
    from: t - 86_400,
    at: t,
    newest: t - 10,
    age_seconds: 10,
    snapshots: 12,
    coverage: 0.9,
    stations: STATIONS,
    gaps: [],
    refused: {},
    quarantined: { malformed: 1 },
    ingest: { snapshots: 12, in_time: 12, share: 1 },
    silent: null,
    frozen: null,
  })
}

const expectedAt = (at: EpochSeconds) => ({
  estimate: true as const,
  at,
  slots: [at],
  rows: STATIONS,
  calibration_rows: 100,
  past_windows: 20,
  pr_auc: { mean: 0.9, sd: 0.01, interval: { low: 0.85, high: 0.95 } },
  f1: null,
  brier: null,
})
const estimateAt = (at: EpochSeconds) => ({ ...expectedAt(at), realised: null })
const realisedAt = (at: EpochSeconds) => ({
  ...expectedAt(at),
  realised: { rows: STATIONS, pr_auc: (at / 600) % 3 === 0 ? 0.8 : 0.9, f1: null, brier: null },
})

/** What happens once, by the number of five minutes since the beginning. */
async function event(lake: ReadsLake, slot: number, t: EpochSeconds): Promise<void> {
  const { store, warehouse } = lake.source.platform
  const say = async (what: string, more: Partial<Release>): Promise<void> => {
    const stored = await activeRelease(store)
    if (stored)
      await writeRelease(store, stored, {
        ...stored.release,
        ...more,
        since: t,
        timeline: [...stored.release.timeline, { at: t, what }],
      })
  }
  if (slot === 3)
    await writeInformation(warehouse, [
      { station_id: 's04', name: 'Moved', valid_from: t, capacity: 30 },
      { station_id: 'new', valid_from: t },
    ])
  if (slot === 4)
    await addSilence(store, {
      alarm: 'prod-endpoint-5xx-crit',
      from: t,
      seconds: 3600,
      by: 'test',
      why: 'work',
    })
  if (slot === 5) await beginRelease(store, releaseAt(t))
  if (slot === 6) {
    await say('the candidate has 20 % of the traffic', { phase: 'baking' })
    const stored = await findDeployment(store, PROD)
    const weights = VARIANTS.map((one) => ({ ...one, weight: one.variant === 'Candidate' ? 20 : 80 }))
    await writeDeployment(store, deploymentOf(PROD, t, weights), stored, { action: 'promote', why: 'test' })
  }
  if (slot === 15) await say('going back: it is worse', { phase: 'reverting', reason: 'it is worse' })
  if (slot === 16) await say('all traffic is where it was', { phase: 'rolled_back' })
  if (slot === 17) await putIncident(store, incidentAt(t))
  if (slot === 18)
    await changeIncident(store, 'an-incident', (one) => ({
      ...one,
      notes: [...one.notes, { at: t, by: 'test', text: 'seen' }],
    }))
  if (slot === 20)
    await changeIncident(store, 'an-incident', (one) => ({
      ...one,
      closed: { at: t, by: 'test', cause: 'known' },
    }))
}

const releaseAt = (at: EpochSeconds): Release => ({
  release_version: 1,
  id: 'a-release',
  kind: 'promote',
  city: CITY,
  by: 'test',
  why: 'test',
  strategy: { type: 'ab', ramp: [20, 100], bake_seconds: 1800, max_wait_seconds: 7200 },
  endpoints: [
    {
      endpoint: PROD,
      target: 'bikes',
      from: { endpoint_config: 'before', variants: VARIANTS.slice(0, 1) },
      candidate: { group: 'bikeshare-demo-bikes', model_version: 'v2', model_name: 'm2', threshold: 0.4 },
      existing_config: null,
      instance_type: 'ml.m5.large',
      capture_percent: 100,
      changed_before: null,
      called: false,
    },
  ],
  alarms: [],
  phase: 'acting',
  step: 0,
  since: at,
  reason: null,
  timeline: [{ at, what: 'promote asked for by test' }],
})

const incidentAt = (at: EpochSeconds): Incident => ({
  incident_version: 1,
  id: 'an-incident',
  kind: 'rollback',
  city: CITY,
  endpoint: PROD,
  title: 'it was taken back',
  why: 'worse',
  by: 'test',
  began: at - 600,
  opened_at: at,
  release_id: 'a-release',
  alarm: null,
  notes: [],
  refresh: null,
  closed: null,
})

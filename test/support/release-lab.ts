import { expect } from 'vitest'
import type { MetricAlarm } from '../../src/core/contracts/cloudwatch.ts'
import type { Release, Strategy } from '../../src/core/contracts/release.ts'
import { servedModelName } from '../../src/core/names.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { readDeployment } from '../../src/model/serving/deployments.ts'
import type { XgboostScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import { openEndpointHost } from '../../src/platform/local/endpoint-host/endpoint-host.ts'
import type { ReleasePlatform } from '../../src/operations/release/apply-step.ts'
import { stepRelease, type Analysis } from '../../src/operations/release/step-release.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { CITY, openServingPlatform, registerStump, SLOT, type ServingPlatform } from './serving-platform.ts'
import { libraryPath } from './stump-model.ts'

export const PROD = 'bikeshare-prod'
export const GO: Analysis = { verdict: 'go', reasons: ['a test says so'] }
export const WAIT: Analysis = { verdict: 'wait', reasons: [] }

export const STRATEGIES = {
  'all at once': { type: 'all-at-once', wait_seconds: 0 },
  canary: { type: 'canary', canary_percent: 10, wait_seconds: 3 },
  linear: { type: 'linear', step_percent: 50, wait_seconds: 2 },
  'A/B': { type: 'ab', ramp: [10, 50, 100], bake_seconds: 0, max_wait_seconds: 3600 },
  shadow: { type: 'shadow', bake_seconds: 0, max_wait_seconds: 3600 },
} as const satisfies Record<string, Strategy>

export const ALARM: MetricAlarm = {
  AlarmName: 'prod-endpoint-5xx-crit',
  AlarmDescription: 'a test',
  Metrics: [
    {
      Id: 'm',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'Invocation5XXErrors',
          Dimensions: { EndpointName: PROD },
        },
        Period: 300,
        Stat: 'Sum',
      },
    },
  ],
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0,
  EvaluationPeriods: 1,
  DatapointsToAlarm: 1,
  TreatMissingData: 'notBreaching',
}

/** The parts of a platform that a release works on, opened anew as another process would. */
export type OpenRelease = ReleasePlatform & { close(): Promise<void> }

/** A production endpoint that serves one model, another one to release, and a clock that a test moves. */
export interface ReleaseLab {
  readonly serving: ServingPlatform
  readonly first: { readonly group: string; readonly version: string }
  readonly second: { readonly group: string; readonly version: string }
  now: number
  /** Over the lab's store, or over one that fails. */
  open(store?: ServingPlatform['store']): OpenRelease
  releaseOf(strategy: Strategy, id?: string): Promise<Release>
  /** Makes the first model serve again, with no alarm raised. */
  reset(): Promise<void>
  /** Goes on until the release has ended, or has to be watched longer. */
  run(platform: ReleasePlatform, analysis?: Analysis): Promise<Release | undefined>
  /** Goes on until the endpoint shares its traffic between two fleets. */
  shifting(platform: ReleasePlatform): Promise<void>
  /** What the endpoint answers: 0.90 by the first model, 0.80 by the second. */
  score(): Promise<string>
}

export async function openReleaseLab(scorer: XgboostScorer): Promise<ReleaseLab> {
  const serving = await openServingPlatform(scorer)
  const bikes = { target: 'bikes' } as const
  const first = await registerStump(serving.store, { ...bikes, digit: '1', scores: { low: 0.1, high: 0.9 } })
  const second = await registerStump(serving.store, { ...bikes, digit: '2', scores: { low: 0.2, high: 0.8 } })
  const lab: ReleaseLab = {
    serving,
    first,
    second,
    now: SLOT + 600,
    open(store = serving.store) {
      const alarms = openAlarmStore({ store, metrics: serving.metrics, clock: () => lab.now })
      const endpoints = openEndpointHost({
        store,
        alarms,
        libraryPath: libraryPath(),
        scorer,
        clock: () => lab.now,
        elapsedMs: () => 0,
        random: seededRandom(7),
        refreshMs: 0,
      })
      return { store, endpoints, alarms, close: () => endpoints.close() }
    },
    async releaseOf(strategy, id = 'r1') {
      const deployment = await readDeployment(serving.store, PROD)
      if (!deployment) throw new Error('nothing serves')
      return {
        release_version: 1,
        id,
        kind: 'promote',
        city: CITY,
        by: 'ann',
        why: 'a test',
        strategy,
        endpoints: [
          {
            endpoint: PROD,
            target: 'bikes',
            from: { endpoint_config: deployment.endpoint_config, variants: deployment.variants },
            candidate: {
              group: second.group,
              model_version: second.version,
              model_name: servedModelName(second.group, second.version),
              threshold: 0.2,
            },
            existing_config: null,
            instance_type: 'ml.m5.large',
            capture_percent: 0,
            changed_before: null,
            called: false,
          },
        ],
        alarms: [ALARM.AlarmName],
        phase: 'acting',
        step: 0,
        since: lab.now,
        reason: null,
        timeline: [],
      }
    },
    async reset() {
      await deployModel(serving, {
        endpoint: PROD,
        city: CITY,
        target: 'bikes',
        ...first,
        by: 'test',
        now: lab.now,
      })
      const platform = lab.open()
      await platform.alarms.putMetricAlarm(ALARM)
      await platform.alarms.setAlarmState({
        AlarmName: ALARM.AlarmName,
        StateValue: 'OK',
        StateReason: '',
        now: lab.now,
      })
      await platform.close()
    },
    async run(platform, analysis = GO) {
      // A busy machine takes its time to load a model.
      for (let look = 0; look < 600; look++) {
        const release = await stepRelease(platform, { now: lab.now, analyse: async () => analysis })
        if (!release || ['done', 'rolled_back', 'failed'].includes(release.phase)) return release
        if (release.phase === 'baking' && analysis.verdict === 'wait') return release
        await new Promise((resolve) => setTimeout(resolve, 5))
        lab.now += 1
      }
      throw new Error('the release does not end')
    },
    async shifting(platform) {
      for (let look = 0; look < 100; look++) {
        await stepRelease(platform, { now: lab.now, analyse: async () => GO })
        const pending = (await platform.endpoints.describeEndpoint(PROD))?.PendingDeploymentSummary
        if (pending && pending.ProductionVariants[0]?.VariantStatus[0]?.Status !== 'Creating') return
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error('the endpoint does not shift')
    },
    async score() {
      const platform = lab.open()
      try {
        const answer = await platform.endpoints.invokeEndpoint({
          EndpointName: PROD,
          Body: `0.9${','.repeat(24)}`,
          ContentType: 'text/csv',
        })
        expect(answer.InvokedProductionVariant).toBe('AllTraffic')
        return Number(Buffer.from(answer.Body).toString('utf8')).toFixed(2)
      } finally {
        await platform.close()
      }
    },
  }
  await lab.reset()
  return lab
}

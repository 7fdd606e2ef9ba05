import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import { seededRandom } from '../../../core/seeded-random.ts'
import { registerStump } from '../../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../../test/support/stump-model.ts'
import { openScorer } from '../../engines/xgboost/scorer.ts'
import type { AlarmDescription } from '../../../core/contracts/cloudwatch.ts'
import type { DeploymentConfig, EndpointHost } from '../../ports.ts'
import { openEndpointHost } from './endpoint-host.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const ROW = `0.9${','.repeat(24)}`
const CANARY: DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY',
      WaitIntervalInSeconds: 600,
      CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
    },
  },
  AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'prod-endpoint-5xx-crit' }] },
}

describe('an update under guardrails', () => {
  let platform: LocalPlatform
  let host: EndpointHost
  let now: number
  let alarm: AlarmDescription['StateValue']

  const variant = (model: string, name = 'AllTraffic', weight = 1) => ({
    VariantName: name,
    ModelName: model,
    InitialVariantWeight: weight,
    InitialInstanceCount: 1,
    InstanceType: 'ml.m5.large',
  })
  beforeEach(async () => {
    platform = await openLocalPlatform()
    now = 1_700_000_000
    alarm = 'OK'
    const raised = async (): Promise<AlarmDescription[]> => [
      {
        alarm: { AlarmName: 'prod-endpoint-5xx-crit', AlarmDescription: '', AlarmRule: 'TRUE' },
        StateValue: alarm,
        StateReason: '',
        StateUpdatedTimestamp: now,
      },
    ]
    host = openEndpointHost({
      store: platform.store,
      metrics: platform.metrics,
      libraryPath: libraryPath(),
      scorer,
      clock: () => now,
      elapsedMs: () => 0,
      random: seededRandom(3),
      alarms: { describeAlarms: raised },
      refreshMs: 0,
    })
    for (const [name, digit, high] of [
      ['old', '1', 0.9],
      ['new', '2', 0.8],
    ] as const) {
      const model = await registerStump(platform.store, {
        target: 'bikes',
        digit,
        scores: { low: 0.1, high },
      })
      await host.createModel({
        ModelName: name,
        PrimaryContainer: { ModelDataUrl: `models/${model.group}/${model.version}/model.tar.gz` },
      })
      await host.createEndpointConfig({ EndpointConfigName: name, ProductionVariants: [variant(name)] })
    }
    await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'old' })
    await until('InService')
  })
  afterEach(async () => {
    await host.close()
    await platform.close()
  })

  const until = async (status: string): Promise<void> => {
    for (let look = 0; look < 200; look++) {
      if ((await host.describeEndpoint('e'))?.EndpointStatus === status) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`not ${status}`)
  }
  /** Waits until the new fleet is loaded and takes its share. */
  const shifting = async (): Promise<void> => {
    for (let look = 0; look < 200; look++) {
      const pending = (await host.describeEndpoint('e'))?.PendingDeploymentSummary
      if (pending?.ProductionVariants[0]?.VariantStatus[0]?.Status !== 'Creating' && pending) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error('not shifting')
  }
  /** Share of 200 requests that the new model answers. */
  const shareOfNew = async (): Promise<number> => {
    let fresh = 0
    for (let request = 0; request < 200; request++) {
      const { Body } = await host.invokeEndpoint({ EndpointName: 'e', Body: ROW, ContentType: 'text/csv' })
      if (Number(Buffer.from(Body).toString('utf8')) < 0.85) fresh++
    }
    return fresh / 200
  }
  const update = (config = CANARY): Promise<void> =>
    host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'new', DeploymentConfig: config })

  it('gives the canary its share, then all, and is InService after the second bake', async () => {
    await update()
    await shifting()
    expect(await shareOfNew()).toBeGreaterThan(0.1)
    expect(await shareOfNew()).toBeLessThan(0.35)
    expect((await host.describeEndpoint('e'))?.EndpointConfigName).toBe('old')
    now += 600
    expect(await shareOfNew()).toBe(1)
    expect((await host.describeEndpoint('e'))?.EndpointStatus).toBe('Updating')
    now += 600
    await until('InService')
    expect(await host.describeEndpoint('e')).toMatchObject({ EndpointConfigName: 'new' })
    expect(await shareOfNew()).toBe(1)
  })

  it('goes back by an alarm, and then says InService as if nothing had been asked', async () => {
    await update()
    await shifting()
    now += 700
    alarm = 'ALARM'
    await until('InService')
    const after = await host.describeEndpoint('e')
    expect(after?.EndpointConfigName).toBe('old')
    expect(after?.FailureReason).toBeUndefined()
    expect(await shareOfNew()).toBe(0)
  })

  it('takes no other update meanwhile, and keeps both configs', async () => {
    await update()
    await shifting()
    await expect(update()).rejects.toThrow(/in-progress|Updating|progress/i)
    await expect(host.deleteEndpointConfig('new')).rejects.toThrow(/uses it/)
    await expect(host.deleteEndpointConfig('old')).rejects.toThrow(/uses it/)
  })

  it('is gone on with by another process that opens the same store', async () => {
    await update()
    await shifting()
    await host.close()
    now += 1200
    host = openEndpointHost({
      store: platform.store,
      metrics: platform.metrics,
      libraryPath: libraryPath(),
      scorer,
      clock: () => now,
      elapsedMs: () => 0,
      random: seededRandom(4),
      refreshMs: 0,
    })
    await until('InService')
    expect((await host.describeEndpoint('e'))?.EndpointConfigName).toBe('new')
  })

  it('is refused for an A/B', async () => {
    await host.createEndpointConfig({
      EndpointConfigName: 'ab',
      ProductionVariants: [variant('old', 'Baseline'), variant('new', 'Candidate')],
    })
    await expect(
      host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'ab', DeploymentConfig: CANARY }),
    ).rejects.toThrow(/one production variant/)
  })

  it('a shadow gets copies, never answers, and has captures and metrics of its own', async () => {
    await host.createEndpointConfig({
      EndpointConfigName: 'shadow',
      ProductionVariants: [variant('old')],
      ShadowProductionVariants: [variant('new', 'Shadow')],
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 100 },
    })
    await host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'shadow' })
    await until('InService')
    expect(await shareOfNew()).toBe(0)
    await host.flush()
    const captured: string[] = []
    for await (const { key } of platform.store.list('datacapture/e/Shadow/')) {
      const body = new TextDecoder().decode((await platform.store.get(key))?.body)
      captured.push(...body.split('\n').filter((line) => line !== ''))
    }
    expect(captured).toHaveLength(200)
    expect(captured[0]).toContain('0.8')
    const [series] = await platform.metrics.getMetricData({
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: 'Invocations',
              Dimensions: { EndpointName: 'e', VariantName: 'Shadow' },
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
      StartTime: now - 600,
      EndTime: now + 60,
    })
    expect(series?.Values).toEqual([200])
  })
})

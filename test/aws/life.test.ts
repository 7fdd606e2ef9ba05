import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentReporter } from '../../src/core/report.ts'
import { predictBatch } from '../../src/model/prediction/predict-batch.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { settled } from '../../src/model/serving/settled.ts'
import { syncAlarms } from '../../src/operations/alarms/sync-alarms.ts'
import { openAwsServing, type AwsServing } from '../../src/platform/aws/open-aws-serving.ts'
import type { DeploymentConfig } from '../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'
import { CITY, registerStump, SLOT, writeCity } from '../support/serving-platform.ts'
import { libraryPath } from '../support/stump-model.ts'
import { openAwsServers, SERVERS_REGION, type AwsServers } from './servers/aws-servers.ts'
import { neededActions } from './servers/recorded-actions.ts'
import { openRecorder, type Recorder } from './servers/recorder.ts'

const STATIONS = 230
/** Every tenth station is a ghost for bikes. */
const DUE = 207
const NAMESPACE = 'Bikeshare/Model'
const ALARM = 'prod-endpoint-5xx-crit'
const ROLE = 'arn:aws:iam::000000000000:role/bikeshare-serving'

describe('the life of an endpoint on AWS', () => {
  let lake: LocalPlatform
  let servers: AwsServers
  let serving: AwsServing
  let recorder: Recorder
  let now: number

  beforeEach(async () => {
    now = SLOT
    lake = await openLocalPlatform()
    servers = await openAwsServers({
      store: lake.store,
      lake: { bucket: 'bikeshare-lake' },
      libraryPath: libraryPath(),
      clock: () => now,
    })
    for (const [name, value] of Object.entries(servers.env)) vi.stubEnv(name, value)
    recorder = openRecorder()
    serving = openAwsServing({
      access: { region: SERVERS_REGION, onClient: recorder.onClient },
      lake: { bucket: 'bikeshare-lake' },
      store: lake.store,
      endpointRoleArn: ROLE,
      libraryPath,
    })
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await serving.close()
    await servers.close()
    await lake.close()
  })

  /** The lake in a folder, the rest on AWS. */
  const platform = () => ({
    store: lake.store,
    warehouse: lake.warehouse,
    endpoints: serving.endpoints,
    metrics: serving.metrics,
    alarms: serving.alarms,
  })
  const deploy = async (endpoint: string, digit: string): Promise<void> => {
    const model = await registerStump(lake.store, {
      target: 'bikes',
      digit,
      scores: { low: 0.01, high: Number(`0.${digit}`) },
      threshold: 0.05,
    })
    const options = { endpoint, city: CITY, target: 'bikes' as const, ...model, by: 'test', now: SLOT - 3600 }
    await recorder.during('deploy', () => deployModel(platform(), options))
  }
  const predict = () =>
    recorder.during('predict', () =>
      predictBatch(platform(), {
        city: CITY,
        timezone: 'America/Toronto',
        country: 'CA',
        slot: SLOT,
        now: SLOT + 60,
        namespace: NAMESPACE,
        report: silentReporter,
        wait: async () => {},
      }),
    )

  it('deploys, predicts in one request a hundred stations and one put of metrics, and raises alarms', async () => {
    await writeCity(lake, STATIONS)
    await deploy('bikeshare-prod', '2')
    expect(await predict()).toMatchObject([
      { endpoint: 'bikeshare-prod', outcome: 'done', predictions: DUE, requests: 3, heartbeat: 1 },
    ])
    const { sagemaker, cloudwatch } = servers
    expect(sagemaker.faults.calls('InvokeEndpoint')).toBe(Math.ceil(DUE / 100))
    expect(cloudwatch.faults.calls('PutMetricData')).toBe(1)
    expect(await predict()).toMatchObject([{ outcome: 'already_done' }])
    expect(sagemaker.faults.calls('InvokeEndpoint')).toBe(3)
    expect(cloudwatch.faults.calls('PutMetricData')).toBe(1)

    const sync = () =>
      syncAlarms(platform(), { city: CITY, namespace: NAMESPACE, now: SLOT, report: silentReporter })
    const { alarms } = await recorder.during('alarms', sync)
    expect(alarms).toBeGreaterThan(12)
    const puts = cloudwatch.faults.calls('PutMetricAlarm')
    await recorder.during('alarms', sync)
    expect(cloudwatch.faults.calls('PutMetricAlarm')).toBe(puts)
    now = SLOT + 3600
    await servers.evaluator.evaluateAlarms(now)
    const raised = (await serving.alarms.describeAlarms())
      .filter(({ StateValue }) => StateValue === 'ALARM')
      .map(({ alarm }) => alarm.AlarmName)
    // Nobody has called it for the last 20 minutes.
    expect(raised).toContain('prod-20m-zero')

    const needed = neededActions(recorder.calls)
    const of = (job: string) => [
      ...new Set(needed.filter((one) => one.job === job).map(({ action }) => action)),
    ]
    expect(of('predict')).toEqual([
      'cloudwatch:PutMetricData',
      'sagemaker:DescribeEndpoint',
      'sagemaker:InvokeEndpoint',
      'sagemaker:ListEndpoints',
    ])
    expect(of('deploy')).toEqual([
      'iam:PassRole',
      'sagemaker:AddTags',
      'sagemaker:CreateEndpoint',
      'sagemaker:CreateEndpointConfig',
      'sagemaker:CreateModel',
      'sagemaker:DescribeEndpoint',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:DescribeModel',
    ])
    expect(of('alarms')).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:PutAnomalyDetector',
      'cloudwatch:PutCompositeAlarm',
      'cloudwatch:PutMetricAlarm',
    ])
  })

  it('is taken back silently by an alarm of CloudWatch in a bake, which its configuration alone tells', async () => {
    await deploy('bikeshare-prod', '2')
    const before = await serving.endpoints.describeEndpoint('bikeshare-prod')
    await deploy('bikeshare-trial', '3')
    const trial = await serving.endpoints.describeEndpoint('bikeshare-trial')
    await serving.alarms.putCompositeAlarm({ AlarmName: ALARM, AlarmDescription: '', AlarmRule: 'FALSE' })
    const guard: DeploymentConfig = {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          WaitIntervalInSeconds: 600,
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
        },
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: ALARM }] },
    }
    await serving.endpoints.updateEndpoint({
      EndpointName: 'bikeshare-prod',
      EndpointConfigName: trial?.EndpointConfigName ?? '',
      DeploymentConfig: guard,
    })
    const bakes = async (): Promise<boolean> => {
      const seen = await serving.endpoints.describeEndpoint('bikeshare-prod')
      const [variant] = seen?.PendingDeploymentSummary?.ProductionVariants ?? []
      return variant?.VariantStatus[0]?.Status === 'ActivatingTraffic'
    }
    for (let look = 0; look < 2000 && !(await bakes()); look++);
    await serving.alarms.setAlarmState({
      AlarmName: ALARM,
      StateValue: 'ALARM',
      StateReason: 'a trial',
      now,
    })
    const after = await settled(serving.endpoints, 'bikeshare-prod')
    expect(after).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: before?.EndpointConfigName,
    })
    expect(after?.FailureReason).toBeUndefined()
    expect(after?.PendingDeploymentSummary).toBeUndefined()
  })
})

import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { addSilence, endSilences, heedSilences } from '../../src/operations/alarms/silences.ts'
import { mirrorPackages } from '../../src/operations/release/mirror-packages.ts'
import { clientSettings } from '../../src/platform/aws/aws-access.ts'
import { openModelPackages } from '../../src/platform/aws/model-packages.ts'
import { xgboostImage } from '../../src/platform/aws/sagemaker-trainer/xgboost-image.ts'
import { openAwsServing } from '../../src/platform/aws/open-aws-serving.ts'
import { openSchedules } from '../../src/platform/aws/schedules.ts'
import { openSnsTopic } from '../../src/platform/aws/sns-topic.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { alarmOf, datum, NAMESPACE, NOON, PROD } from '../conformance/alarm-store.ts'
import { smallParams } from '../support/boosted-model.ts'
import { registerStump } from '../support/serving-platform.ts'
import { libraryPath } from '../support/stump-model.ts'
import { tempDir } from '../support/temp-dir.ts'
import { checkByBotocore } from './servers/botocore.ts'
import { accessTo } from './servers/access.ts'
import { openCloudWatchSubject, type CloudWatchSubject } from './servers/cloudwatch/subject.ts'
import { openRecorder } from './servers/recorder.ts'
import { openTrainingSubject, type TrainingSubject } from './servers/sagemaker/training-subject.ts'

describe('SageMaker and CloudWatch together', () => {
  let sagemaker: TrainingSubject
  let cloudwatch: CloudWatchSubject
  beforeEach(async () => {
    sagemaker = await openTrainingSubject(openDirectoryStore(await tempDir()))
    cloudwatch = await openCloudWatchSubject({ now: NOON })
    // As an operator would point the SDK elsewhere.
    vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER', sagemaker.url)
    vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', sagemaker.url)
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', cloudwatch.server.url)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await sagemaker.close()
    await cloudwatch.close()
  })
  const open = async () => {
    const store = openDirectoryStore(await tempDir())
    return {
      store,
      serving: openAwsServing({
        access: { region: 'ca-central-1', maxAttempts: 1 },
        lake: sagemaker.lake,
        store,
        libraryPath,
        alarmTopicArn: 'arn:aws:sns:ca-central-1:000000000000:bikeshare-alarms',
      }),
    }
  }

  it('are reached where the environment says', async () => {
    const { serving } = await open()
    expect(await serving.endpoints.listEndpoints()).toEqual([])
    await serving.metrics.putMetricData(NAMESPACE, [datum(NOON, 0.5)])
    await serving.metrics.putMetricData(NAMESPACE, [datum(NOON, 0.5)])
    expect(cloudwatch.server.faults.calls('PutMetricData')).toBe(1)
    expect(await serving.metrics.listMetrics()).toEqual([
      { Namespace: NAMESPACE, MetricName: 'PSI', Dimensions: PROD },
    ])
    await serving.alarms.putMetricAlarm(alarmOf({ AlarmName: 'prod-drift' }))
    await serving.alarms.putMetricAlarm(alarmOf({ AlarmName: 'nyc-prod-drift' }))
    expect((await serving.alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName)).toEqual([
      'prod-drift',
    ])
    await expect(serving.endpoints.invokeEndpoint({ EndpointName: 'e', Body: '1' })).rejects.toMatchObject({
      name: 'ValidationError',
    })
    await serving.close()
  })

  it('heed a silence of ours: CloudWatch’s own actions rest while it holds', async () => {
    const { serving, store } = await open()
    const names = ['prod-drift', 'prod-feed']
    for (const AlarmName of names) await serving.alarms.putMetricAlarm(alarmOf({ AlarmName }))
    await serving.alarms.putCompositeAlarm({
      AlarmName: 'prod-both',
      AlarmDescription: '',
      AlarmRule: 'ALARM("prod-drift") AND ALARM("prod-feed")',
    })
    await serving.alarms.putMetricAlarm(alarmOf({ AlarmName: 'nyc-prod-drift' }))
    const heed = (now: number): Promise<void> => heedSilences({ alarms: serving.alarms, store }, now)
    const changes = (): unknown[] =>
      cloudwatch.server.log.calls
        .filter(({ operation }) => /^(Dis|En)ableAlarmActions$/.test(operation))
        .map(({ operation, params }) => [operation, params])
    await heed(NOON)
    expect(changes()).toEqual([])
    const silence = { from: NOON, seconds: 3600, by: 'ana', why: 'a trial' }
    await addSilence(store, { alarm: 'prod-drift', ...silence })
    await heed(NOON)
    await heed(NOON + 60)
    const disabled = ['DisableAlarmActions', { AlarmNames: ['prod-drift'] }]
    expect(changes()).toEqual([disabled])
    // An alarm that is changed meanwhile stays silent, and is told no second time.
    await serving.alarms.putMetricAlarm(alarmOf({ AlarmName: 'prod-drift', Threshold: 9 }))
    await heed(NOON + 120)
    expect(changes()).toEqual([disabled])
    await heed(NOON + 3600)
    const enabled = ['EnableAlarmActions', { AlarmNames: ['prod-drift'] }]
    expect(changes()).toEqual([disabled, enabled])
    // Every alarm of the city, and none of another one.
    await addSilence(store, { alarm: '*', ...silence, from: NOON + 4000 })
    await heed(NOON + 4000)
    await endSilences(store, { alarm: '*', now: NOON + 4010, by: 'ana' })
    await heed(NOON + 4010)
    const mine = { AlarmNames: ['prod-drift', 'prod-feed', 'prod-both'] }
    expect(changes().slice(2)).toEqual([
      ['DisableAlarmActions', mine],
      ['EnableAlarmActions', mine],
    ])
    await serving.close()
  })

  it('have a version of the lake’s registry in SageMaker’s', async () => {
    const { serving, store } = await open()
    const version = await registerStump(store, {
      target: 'bikes',
      digit: '1',
      scores: { low: 0.1, high: 0.9 },
    })
    for (let i = 0; i < 2; i++)
      await mirrorPackages({ store, packages: serving.packages }, [version], {
        warn: (message) => expect.fail(message),
      })
    const created = sagemaker.log.calls.filter(({ operation }) => operation === 'CreateModelPackage')
    expect(created.map(({ params }) => params)).toMatchObject([
      {
        ModelPackageGroupName: version.group,
        ModelPackageDescription: version.version,
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [
            { ModelDataUrl: `s3://bikeshare-lake/models/${version.group}/${version.version}/model.tar.gz` },
          ],
        },
        CustomerMetadataProperties: { target: 'bikes', feature_contract: 'v1' },
      },
    ])
    await serving.close()
  })

  it.skipIf(inject('awsPython') === undefined)('answer as botocore’s models have it', async () => {
    const { serving, store } = await open()
    await serving.alarms.putMetricAlarm(alarmOf({ AlarmName: 'prod-drift' }))
    await addSilence(store, { alarm: 'prod-drift', from: NOON, seconds: 60, by: 'ana', why: 'a trial' })
    await heedSilences({ alarms: serving.alarms, store }, NOON)
    await heedSilences({ alarms: serving.alarms, store }, NOON + 60)
    const version = { group: 'g', version: '1', archiveKey: 'a.tar.gz', properties: { target: 'bikes' } }
    for (const approved of [false, true]) await serving.packages?.put({ ...version, approved })
    await serving.close()
    const calls = [...cloudwatch.server.log.calls, ...sagemaker.log.calls]
    const verdict = await checkByBotocore(inject('awsPython') ?? '', calls)
    expect(verdict.deviations).toEqual([])
    expect(verdict.operations).toEqual([
      'cloudwatch.DescribeAlarms',
      'cloudwatch.DisableAlarmActions',
      'cloudwatch.EnableAlarmActions',
      'cloudwatch.PutMetricAlarm',
      'sagemaker.CreateModelPackage',
      'sagemaker.CreateModelPackageGroup',
      'sagemaker.ListModelPackages',
      'sagemaker.UpdateModelPackage',
    ])
  })

  it('say which role is missing, and that there is nothing to serve', async () => {
    const { serving, store } = await open()
    const model = { ModelName: 'a', PrimaryContainer: { ModelDataUrl: 'a.tar.gz' } }
    await expect(serving.endpoints.createModel(model)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('aws.endpoint_role_arn'),
    })
    await store.put('t/train.parquet', 'x')
    const job = { prefix: 't/', trainKey: 't/train.parquet', validationKey: 't/train.parquet' }
    await expect(
      serving.trainer.fit({ ...job, featureNames: ['a'], params: smallParams() }),
    ).rejects.toMatchObject({ code: 'CONFIG', message: expect.stringContaining('aws.training_role_arn') })
    await expect(
      serving.serveEndpoints({ hostname: '127.0.0.1', port: 0, allowControl: false }),
    ).rejects.toMatchObject({ code: 'USAGE' })
    await serving.close()
  })
})

describe.skipIf(inject('moto') === undefined)('over moto', () => {
  const recorder = openRecorder()
  const access = accessTo(inject('moto') ?? '', { onClient: recorder.onClient })
  // Moto may have been there before.
  const mine = `p${process.pid}`

  it('a schedule is paused and resumed, with everything else as the stack made it', async () => {
    const client = new SchedulerClient({
      ...clientSettings(access),
      customUserAgent: 'bikeshare-tests',
    })
    const [first, second] = [`${mine}-batch`, `${mine}-retrain`]
    const made = {
      ScheduleExpression: 'cron(30 0/6 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Description: 'Trains.',
      Target: {
        Arn: 'arn:aws:ecs:ca-central-1:123456789012:cluster/bikeshare',
        RoleArn: 'arn:aws:iam::123456789012:role/bikeshare-start',
        RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 300 },
        EcsParameters: {
          TaskDefinitionArn: 'arn:aws:ecs:ca-central-1:123456789012:task-definition/bikeshare-retrain',
          LaunchType: 'FARGATE' as const,
          TaskCount: 1,
          NetworkConfiguration: {
            awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' as const },
          },
        },
      },
    }
    for (const Name of [first, second]) await client.send(new CreateScheduleCommand({ Name, ...made }))
    const get = async (): Promise<object> => {
      const {
        $metadata: _,
        LastModificationDate: __,
        ...rest
      } = await client.send(new GetScheduleCommand({ Name: second }))
      return rest
    }
    const before = await get()
    const schedules = openSchedules(access)
    expect(await schedules.list([second, `${mine}-none`, first])).toEqual(
      [second, first].map((name) => ({
        name,
        expression: made.ScheduleExpression,
        timezone: 'UTC',
        state: 'ENABLED',
        description: 'Trains.',
      })),
    )
    expect(await schedules.setState(second, 'DISABLED', 'Paused by ana.')).toBe(true)
    expect(await schedules.setState(second, 'DISABLED', 'Paused by ben.')).toBe(false)
    expect(await schedules.list([first, second])).toMatchObject([
      { state: 'ENABLED' },
      { state: 'DISABLED', description: 'Paused by ana.' },
    ])
    expect(await get()).toEqual({ ...before, State: 'DISABLED', Description: 'Paused by ana.' })
    expect(await schedules.setState(second, 'ENABLED', 'Trains.')).toBe(true)
    expect(await get()).toEqual(before)
    await expect(schedules.setState(`${mine}-none`, 'DISABLED', '')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    schedules.close()
    client.destroy()
  })

  it('a topic takes a notice', async () => {
    const created = await fetch(`${inject('moto') ?? ''}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20240101/ca-central-1/sns/aws4_request',
      },
      body: 'Action=CreateTopic&Name=bikeshare-alarms&Version=2010-03-31',
    })
    const arn = /<TopicArn>([^<]+)/.exec(await created.text())?.[1] ?? ''
    const topic = openSnsTopic(access, arn)
    await topic.publish({ subject: `Zürich: ${'drift '.repeat(40)}`, message: 'PSI is 0.31' })
    topic.close()
    const missing = openSnsTopic(access, arn.replace('bikeshare', 'other'))
    await expect(missing.publish({ subject: '', message: 'x' })).rejects.toThrow(/not exist|NotFound/)
    missing.close()
  })

  it('a version is mirrored into SageMaker’s registry once, and approved once', async () => {
    const packages = openModelPackages({
      access,
      lake: { bucket: 'bikeshare-lake' },
      image: () => xgboostImage('ca-central-1'),
    })
    const version = {
      group: mine,
      version: '20240513T235500Z-11111111',
      archiveKey: 'models/nyc/20240513T235500Z-11111111/model.tar.gz',
      approved: false,
      properties: { threshold: '0.15', feature_contract: 'v1' },
    }
    expect(await packages.put(version)).toBe(true)
    expect(await packages.put(version)).toBe(false)
    expect(await packages.put({ ...version, version: '20240514T235500Z-22222222' })).toBe(true)
    expect(await packages.put({ ...version, approved: true })).toBe(true)
    expect(await packages.put({ ...version, approved: true })).toBe(false)
    expect(await packages.put(version)).toBe(false)
    packages.close()
  })

  it.skipIf(inject('awsPython') === undefined)('all of it as botocore’s models have it', async () => {
    const verdict = await checkByBotocore(inject('awsPython') ?? '', recorder.calls)
    expect(verdict.deviations).toEqual([])
    expect(verdict.operations).toEqual([
      'sagemaker.CreateModelPackage',
      'sagemaker.CreateModelPackageGroup',
      'sagemaker.ListModelPackages',
      'sagemaker.UpdateModelPackage',
      'scheduler.GetSchedule',
      'scheduler.UpdateSchedule',
      'sns.Publish',
    ])
  })
})

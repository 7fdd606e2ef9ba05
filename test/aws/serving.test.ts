import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { schedulesFor } from '../../src/operations/scheduler/schedules-for.ts'
import { openModelPackages } from '../../src/platform/aws/model-packages.ts'
import { xgboostImage } from '../../src/platform/aws/sagemaker-trainer/xgboost-image.ts'
import { openAwsServing } from '../../src/platform/aws/open-aws-serving.ts'
import { putSchedules } from '../../src/platform/aws/schedules/schedules.ts'
import { openSnsTopic } from '../../src/platform/aws/sns-topic.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { alarmOf, datum, NAMESPACE, NOON, PROD } from '../conformance/alarm-store.ts'
import { smallParams } from '../support/boosted-model.ts'
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
  const target = (part: string) => ({
    arn: 'arn:aws:lambda:ca-central-1:123456789012:function:bikeshare',
    roleArn: 'arn:aws:iam::123456789012:role/bikeshare-start',
    input: JSON.stringify({ part }),
  })

  it('the schedules of the parts are put, put again without a change, changed and deleted', async () => {
    const wanted = schedulesFor(target)
    expect(wanted.length).toBeGreaterThan(3)
    const names = wanted.map(({ name }) => name)
    const none = { created: [], updated: [], deleted: [] }
    expect(await putSchedules(access, mine, wanted)).toEqual({ ...none, created: names })
    expect(await putSchedules(access, mine, wanted)).toEqual(none)
    const [first, ...others] = wanted
    if (!first) throw new Error('no schedule')
    const changed = [{ ...first, expression: 'rate(5 minutes)' }, ...others.slice(1)]
    expect(await putSchedules(access, mine, changed)).toEqual({
      ...none,
      updated: [first.name],
      deleted: [others[0]?.name],
    })
    expect(await putSchedules(access, mine, changed)).toEqual(none)
    expect(await putSchedules(access, mine, [])).toMatchObject({ created: [], updated: [] })
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
      image: xgboostImage('ca-central-1'),
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
      'scheduler.CreateSchedule',
      'scheduler.CreateScheduleGroup',
      'scheduler.DeleteSchedule',
      'scheduler.GetSchedule',
      'scheduler.GetScheduleGroup',
      'scheduler.ListSchedules',
      'scheduler.UpdateSchedule',
      'sns.Publish',
    ])
  })
})

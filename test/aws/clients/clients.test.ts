import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { packModel } from '../../../src/core/model-archive.ts'
import { settled } from '../../../src/model/serving/settled.ts'
import { openScorer, type XgboostScorer } from '../../../src/platform/engines/xgboost/scorer.ts'
import { libraryPath, stumpModel } from '../../support/stump-model.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { openCloudWatchSubject, type CloudWatchSubject } from '../servers/cloudwatch/subject.ts'
import { containerImages, IMAGE } from '../servers/sagemaker/images.ts'
import { BUCKET, openSageMakerSubject, ROLE, type SageMakerSubject } from '../servers/sagemaker/subject.ts'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, 'boto3_client.py')
const NOW = 1_715_700_000
const LOW = `0.1${','.repeat(24)}`
const HIGH = `0.9${','.repeat(24)}`
const python = inject('awsPython')

describe.skipIf(python === undefined)('clients that others wrote', () => {
  const region = {
    AWS_DEFAULT_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  let scorer: XgboostScorer
  let sagemaker: SageMakerSubject
  let cloudwatch: CloudWatchSubject

  beforeAll(async () => {
    scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
    sagemaker = await openSageMakerSubject({ scorer, hosting: { images: containerImages(libraryPath()) } })
    cloudwatch = await openCloudWatchSubject({ now: NOW, checksTimes: true })
    const { host, store } = sagemaker
    await store.put('models/a.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
    await host.createModel({ ModelName: 'a', PrimaryContainer: { ModelDataUrl: 'models/a.tar.gz' } })
    await host.createEndpointConfig({
      EndpointConfigName: 'c',
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: 'a',
          InitialVariantWeight: 1,
          InitialInstanceCount: 1,
          InstanceType: 'ml.m5.large',
        },
      ],
    })
    await host.createEndpoint({ EndpointName: 'bikeshare-prod', EndpointConfigName: 'c' })
    await settled(host, 'bikeshare-prod')
  })
  afterAll(async () => {
    await cloudwatch.close()
    await sagemaker.close()
    await scorer.close()
  })

  /** The AWS CLI's answer. */
  const aws = async (service: string, ...args: string[]): Promise<unknown> => {
    const url = service === 'cloudwatch' ? cloudwatch.server.url : sagemaker.server.url
    const { stdout } = await run(
      python ?? '',
      ['-m', 'awscli', service, ...args, '--endpoint-url', url, '--output', 'json'],
      { env: { ...process.env, ...region } },
    )
    return stdout.trim() === '' ? {} : JSON.parse(stdout)
  }

  it('the AWS CLI invokes an endpoint, whose container answers with the variant', async () => {
    const folder = await tempDir()
    await writeFile(join(folder, 'rows.csv'), `${LOW}\n${HIGH}\n`)
    const answer = await aws(
      'sagemaker-runtime',
      'invoke-endpoint',
      '--endpoint-name',
      'bikeshare-prod',
      '--content-type',
      'text/csv',
      '--body',
      `fileb://${join(folder, 'rows.csv')}`,
      join(folder, 'scores.csv'),
    )
    expect(answer).toEqual({ ContentType: 'text/csv', InvokedProductionVariant: 'AllTraffic' })
    expect(await readFile(join(folder, 'scores.csv'), 'utf8')).toBe('0.100000001\n0.899999976')
  })

  it('the AWS CLI describes endpoints, and puts and gets metrics', async () => {
    expect(await aws('sagemaker', 'describe-endpoint', '--endpoint-name', 'bikeshare-prod')).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentWeight: 1 }],
    })
    expect(await aws('sagemaker', 'describe-model', '--model-name', 'a')).toMatchObject({
      PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/models/a.tar.gz` },
    })
    const metric = ['--namespace', 'Bikeshare/Model', '--metric-name', 'PredictionHeartbeat']
    const dimensions = ['--dimensions', 'EndpointName=bikeshare-prod,City=nyc']
    await aws(
      'cloudwatch',
      'put-metric-data',
      ...metric,
      ...dimensions,
      '--value',
      '1',
      '--timestamp',
      String(NOW),
    )
    const query = {
      Id: 'm',
      MetricStat: {
        Metric: {
          Namespace: 'Bikeshare/Model',
          MetricName: 'PredictionHeartbeat',
          Dimensions: [
            { Name: 'EndpointName', Value: 'bikeshare-prod' },
            { Name: 'City', Value: 'nyc' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
    }
    const window = ['--start-time', String(NOW - 600), '--end-time', String(NOW + 600)]
    expect(
      await aws('cloudwatch', 'get-metric-data', '--metric-data-queries', JSON.stringify([query]), ...window),
    ).toMatchObject({ MetricDataResults: [{ Id: 'm', Values: [1], StatusCode: 'Complete' }] })
    await cloudwatch.alarms.putCompositeAlarm({ AlarmName: 'both', AlarmDescription: '', AlarmRule: 'TRUE' })
    expect(await aws('cloudwatch', 'describe-alarms', '--alarm-types', 'CompositeAlarm')).toMatchObject({
      CompositeAlarms: [{ AlarmName: 'both', AlarmRule: 'TRUE' }],
    })
  })

  it('boto3 does the same, by CBOR and with compressed requests', async () => {
    const given = {
      sagemaker: sagemaker.server.url,
      cloudwatch: cloudwatch.server.url,
      role: ROLE,
      image: IMAGE,
      archive: `s3://${BUCKET}/models/a.tar.gz`,
      row: LOW,
      now: NOW,
    }
    const { stdout } = await run(python ?? '', [PROGRAM, JSON.stringify(given)], {
      env: { ...process.env, ...region },
    })
    expect(JSON.parse(stdout)).toEqual({
      status: 'InService',
      weights: { a: 1, b: 0 },
      listed: expect.arrayContaining(['bikeshare-prod', 'py']),
      score: '0.100000001',
      variant: 'a',
      named: 'b',
      refused: ['ModelError', 400],
      missing: 'ValidationException',
      series: [['e', 'percent', [NOW - (NOW % 300)], [expect.closeTo(24, 6)]]],
      metrics: expect.any(Number),
      alarm: ['py-drift', 'ALARM', 'a trial', 0.2],
      history: ['Alarm updated from INSUFFICIENT_DATA to ALARM'],
      noAlarm: 'ResourceNotFound',
      badNamespace: 'InvalidParameterValue',
    })
  })
})

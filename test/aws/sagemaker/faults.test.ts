import { afterAll, afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { packModel } from '../../../src/core/model-archive.ts'
import { settled } from '../../../src/model/serving/settled.ts'
import { openSageMakerHost } from '../../../src/platform/aws/sagemaker-host/sagemaker-host.ts'
import { openScorer } from '../../../src/platform/engines/xgboost/scorer.ts'
import { libraryPath, stumpModel } from '../../support/stump-model.ts'
import { accessTo } from '../servers/access.ts'
import { checkByBotocore } from '../servers/botocore.ts'
import { denied, FAILED, THROTTLED, UNAVAILABLE } from '../servers/faults.ts'
import { openRecorder } from '../servers/recorder.ts'
import { IMAGE } from '../servers/sagemaker/images.ts'
import { BUCKET, openSageMakerSubject, ROLE, type SageMakerSubject } from '../servers/sagemaker/subject.ts'

const ROW = `0.1${','.repeat(24)}`
const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

describe('SageMaker’s adapter', () => {
  const recorder = openRecorder()
  let subject: SageMakerSubject
  beforeEach(async () => {
    subject = await openSageMakerSubject({
      scorer,
      access: { maxAttempts: 3, onClient: recorder.onClient },
      endpointPrefix: 'bikeshare',
    })
    await subject.store.put('models/a.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
  })
  afterEach(() => subject.close())

  const variantOf = (ModelName: string, VariantName = 'AllTraffic') => ({
    VariantName,
    ModelName,
    InitialVariantWeight: 1,
    InitialInstanceCount: 1,
    InstanceType: 'ml.m5.large',
  })
  const createModel = (ModelName: string): Promise<void> =>
    subject.host.createModel({ ModelName, PrimaryContainer: { ModelDataUrl: 'models/a.tar.gz' } })
  const serve = async (...endpoints: string[]): Promise<void> => {
    const { host } = subject
    await createModel('a')
    await host.createEndpointConfig({ EndpointConfigName: 'c', ProductionVariants: [variantOf('a')] })
    for (const EndpointName of endpoints) await host.createEndpoint({ EndpointName, EndpointConfigName: 'c' })
    for (const name of endpoints) await settled(host, name)
  }
  const ask = () =>
    subject.host.invokeEndpoint({ EndpointName: 'bikeshare-e', Body: ROW, ContentType: 'text/csv' })

  it('tries again what was throttled or failed, and gives up after its tries', async () => {
    const { faults } = subject.server
    faults.next('CreateModel', THROTTLED, 2)
    await createModel('a')
    expect(faults.calls('CreateModel')).toBe(3)
    faults.next('DescribeModel', FAILED, 1)
    faults.next('DescribeModel', UNAVAILABLE, 1)
    expect(await subject.host.describeModel('a')).toMatchObject({ ModelName: 'a' })
    faults.next('DescribeModel', THROTTLED, 3)
    await expect(subject.host.describeModel('a')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/throttles sagemaker:DescribeModel on model a/),
    })
    faults.next('DescribeModel', FAILED, 3)
    await expect(subject.host.describeModel('a')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/does not answer sagemaker:DescribeModel/),
    })
  })

  it('names the action and the resource that a role may not touch', async () => {
    const arn = 'arn:aws:sagemaker:ca-central-1:000000000000:model/a'
    subject.server.faults.next('CreateModel', denied('sagemaker:CreateModel', arn))
    await expect(createModel('a')).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(
        /does not allow sagemaker:CreateModel on model a: .*on resource: arn:aws:sagemaker.*model\/a/,
      ),
    })
    await serve('bikeshare-e')
    subject.server.faults.next('InvokeEndpoint', denied('sagemaker:InvokeEndpoint', arn))
    await expect(ask()).rejects.toMatchObject({ code: 'CONFIG' })
  })

  it('says so when a quota is used up', async () => {
    const message =
      "The account-level service limit 'ml.m5.large for endpoint usage' is 2 Instances, with current utilization of 2"
    subject.server.faults.next('CreateEndpoint', { name: 'ResourceLimitExceeded', message, status: 400 })
    await expect(serve('bikeshare-e')).rejects.toMatchObject({ name: 'ResourceLimitExceeded', message })
  })

  it('makes an invocation that was throttled, or that nobody answered, one that may be tried again', async () => {
    await serve('bikeshare-e')
    subject.server.faults.next('InvokeEndpoint', THROTTLED, 3)
    await expect(ask()).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 503 })
    subject.server.faults.next('InvokeEndpoint', UNAVAILABLE, 1)
    expect((await ask()).InvokedProductionVariant).toBe('AllTraffic')
    await subject.server.close()
    await expect(ask()).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    await expect(subject.host.describeEndpoint('bikeshare-e')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
  })

  it('lists the endpoints that are ours, over several pages', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `bikeshare-${String(i).padStart(2, '0')}`)
    await serve(...names)
    const others = openSageMakerHost({
      access: accessTo(subject.server.url, { onClient: recorder.onClient }),
      lake: { bucket: BUCKET },
      roleArn: ROLE,
      image: IMAGE,
    })
    for (const EndpointName of ['elsewhere', 'not-bikeshare-3'])
      await others.createEndpoint({ EndpointName, EndpointConfigName: 'c' })
    await others.close()
    const listed = await subject.host.listEndpoints()
    expect(listed.map(({ EndpointName }) => EndpointName)).toEqual(names)
    expect(listed.every(({ EndpointStatus }) => EndpointStatus === 'InService')).toBe(true)
  })

  it('hands over shadows, capture, guardrails and alarms, and reads them back', async () => {
    const { host } = subject
    await serve('bikeshare-e')
    await createModel('b')
    const config = {
      EndpointConfigName: 'd',
      ProductionVariants: [variantOf('a')],
      ShadowProductionVariants: [{ ...variantOf('b', 'Shadow'), InitialVariantWeight: 0.5 }],
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 20 },
    }
    await host.createEndpointConfig(config)
    expect(await host.describeEndpointConfig('d')).toEqual(config)
    expect(await host.describeEndpointConfig('none')).toBeUndefined()
    expect(await host.describeModel('b')).toEqual({
      ModelName: 'b',
      PrimaryContainer: { ModelDataUrl: 'models/a.tar.gz', Image: IMAGE },
    })
    await host.createEndpointConfig({ EndpointConfigName: 'e', ProductionVariants: [variantOf('b')] })
    await host.updateEndpoint({
      EndpointName: 'bikeshare-e',
      EndpointConfigName: 'e',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            WaitIntervalInSeconds: 600,
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
          },
          TerminationWaitInSeconds: 60,
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'prod-endpoint-5xx-crit' }] },
      },
    })
    // The server's clock stands still: it is in its first bake for good.
    let seen = await host.describeEndpoint('bikeshare-e')
    const share = () => seen?.PendingDeploymentSummary?.ProductionVariants[0]?.VariantStatus[0]?.Status
    for (let look = 0; look < 1000 && share() !== 'ActivatingTraffic'; look++)
      seen = await host.describeEndpoint('bikeshare-e')
    expect(seen).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'c',
      PendingDeploymentSummary: {
        EndpointConfigName: 'e',
        ProductionVariants: [{ VariantName: 'AllTraffic', VariantStatus: [{ Status: 'ActivatingTraffic' }] }],
      },
    })
    // An endpoint that is stuck is told of after 45 minutes of waiting, none of which pass here.
    await expect(settled(host, 'bikeshare-e', () => Promise.resolve())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'endpoint bikeshare-e has been Updating for 45 minutes',
    })
  })

  it.skipIf(inject('awsPython') === undefined)('asks what botocore’s models have', async () => {
    const verdict = await checkByBotocore(inject('awsPython') ?? '', recorder.calls)
    expect(verdict.deviations).toEqual([])
    expect(verdict.operations).toEqual(
      expect.arrayContaining(['sagemaker.DescribeModel', 'sagemaker.DescribeEndpointConfig']),
    )
  })
})

describe('credentials', () => {
  afterEach(() => vi.unstubAllEnvs())
  const host = () =>
    openSageMakerHost({
      access: accessTo('http://127.0.0.1:9'),
      lake: { bucket: BUCKET },
      roleArn: ROLE,
      image: IMAGE,
    })

  it('that are nowhere to be found are named before anything is sent', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    await expect(host().describeEndpoint('e')).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(/no credentials .*sagemaker:DescribeEndpoint on endpoint e/),
      hint: expect.stringContaining('aws sso login'),
    })
  })

  it('that have expired, or that AWS does not know, are told apart', async () => {
    const subject = await openSageMakerSubject({ scorer })
    const { faults } = subject.server
    const message = 'The security token included in the request is expired'
    faults.next('DescribeEndpoint', { name: 'ExpiredTokenException', message, status: 400 })
    await expect(subject.host.describeEndpoint('e')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/credentials have expired/),
    })
    faults.next('DescribeEndpoint', { name: 'UnrecognizedClientException', status: 400 })
    await expect(subject.host.describeEndpoint('e')).rejects.toMatchObject({ code: 'CONFIG' })
    faults.next('DescribeEndpoint', { name: 'InvalidSignatureException', status: 403 })
    await expect(subject.host.describeEndpoint('e')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('clock'),
    })
    await subject.close()
  })
})

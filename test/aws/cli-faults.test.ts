import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DeleteTableCommand, GlueClient } from '@aws-sdk/client-glue'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { predictionsKey } from '../../src/core/keys.ts'
import { openS3Store } from '../../src/platform/aws/s3-store/s3-store.ts'
import { lastJson, type CliRun } from '../support/cli.ts'
import { CITY, SLOT } from '../support/serving-platform.ts'
import type { Account } from './environment/account.ts'
import { motoS3, motoUrl } from './environment/bucket.ts'
import { REGION } from './environment/environment.ts'
import { type Fault, type FaultProxy, faultFor, startFaultProxy } from './environment/fault-proxy.ts'
import { hasTrino } from './environment/open-warehouse.ts'
import { checksOf, openProgram, type Program } from './environment/program.ts'
import { denied, type Fault as ServerFault, THROTTLED } from './servers/faults.ts'

const STATIONS = 40
const ENDPOINT = 'bikeshare-staging'
const EXPIRED: ServerFault = {
  name: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
  status: 400,
}
const FOREVER = 1000

/** Paths of all files below a folder. */
async function filesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
}

/** What a command said and how it ended. */
const told = ({ code, stdout, stderr }: CliRun): [number | null, string] => [code, `${stderr}${stdout}`]

describe.skipIf(!hasTrino())('bikeshare on AWS, when AWS refuses', () => {
  let program: Program
  let account: Account
  /** Keys of the bucket that begin so. */
  const keys = async (prefix: string): Promise<string[]> => {
    const client = motoS3()
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: account.bucket, Prefix: prefix }),
    )
    client.destroy()
    return Contents.map(({ Key = '' }) => Key)
  }
  const proxied = async (
    atEnd: (close: () => Promise<void>) => void,
    fault: FaultProxy['fault'],
  ): Promise<FaultProxy> => {
    const proxy = await startFaultProxy(motoUrl())
    atEnd(() => proxy.close())
    return Object.assign(proxy, { fault })
  }
  const athenaFault = (name: string, times = 1, action = 'StartQueryExecution'): void =>
    void account.athena.faults.push({ action, name, status: 400, times })

  beforeAll(async () => {
    program = await openProgram(STATIONS, ['bikes'])
    account = program.account
    const where = { region: REGION, endpoint: motoUrl(), bucket: account.bucket, prefix: `${CITY}/` }
    const store = openS3Store(where)
    const root = join(program.folder, program.lake)
    for (const key of await filesOf(root)) await store.put(key, await readFile(join(root, key)))
    store.close()
    await Promise.all([
      program.json('tables', '--since', '2024-05-01'),
      program.json('endpoints', 'deploy', '--stage', 'staging', '--target', 'bikes'),
    ])
  })
  afterAll(() => program.close())

  // These two wait for most of their time; what one is refused by, the other does not call.
  it.concurrent('the lake: says what is wrong with credentials, region, account or clock, and what to do', async ({
    expect,
    onTestFinished,
  }) => {
    const about = `s3:GetObject on s3://${account.bucket}/${CITY}/lake.json`
    const cases: readonly (readonly [Fault, number, readonly string[]])[] = [
      [
        { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
        3,
        ['credentials have expired', about, 'aws sso login'],
      ],
      [
        {
          status: 301,
          code: 'PermanentRedirect',
          message: 'The bucket you are attempting to access must be addressed using the specified endpoint.',
          headers: { 'x-amz-bucket-region': 'eu-west-1' },
        },
        2,
        [`${account.bucket} is not in this region`, 'Set region', 'eu-west-1'],
      ],
      [
        { status: 403, code: 'AccessDenied', message: 'Access Denied' },
        2,
        [`does not allow ${about}`, 'another account', 'aws sts get-caller-identity'],
      ],
      [
        { status: 403, code: 'RequestTimeTooSkewed', message: 'The difference is too large.' },
        3,
        [about, 'Set the clock'],
      ],
    ]
    await Promise.all(
      cases.map(async ([fault, code, texts]) => {
        const proxy = await proxied(onTestFinished, () => fault)
        const failed = told(await program.run(['status'], { AWS_ENDPOINT_URL_S3: proxy.url }))
        expect(failed[0], failed[1]).toBe(code)
        for (const text of texts) expect(failed[1]).toContain(text)
        expect(proxy.requests.every(({ method }) => method === 'GET')).toBe(true)
      }),
    )
  })

  it.concurrent('throttling and 503 that last: say so after all tries, and what was done stays done', async ({
    expect,
    onTestFinished,
  }) => {
    athenaFault('TooManyRequestsException', FOREVER)
    const s3 = await proxied(onTestFinished, ({ method, url }) =>
      method === 'PUT' && url.pathname.endsWith('lake.json') ? { status: 503, code: 'SlowDown' } : undefined,
    )
    const place = `s3://${account.bucket}/copy`
    const sync = ['sync', '--from', program.lake, '--to', place]
    const [query, copy] = await Promise.all([
      program.run(['sql', 'select count(*) as n from v_station_information']),
      program.run(sync, { AWS_ENDPOINT_URL_S3: s3.url }),
    ])
    expect(told(query)).toEqual([
      3,
      expect.stringMatching(
        /throttles athena:StartQueryExecution on workgroup primary, after all tries[^]*higher quota/,
      ),
    ])
    expect(told(copy)).toEqual([
      3,
      expect.stringMatching(
        new RegExp(`s3:PutObject on ${place}/lake\\.json[^]*(higher quota|Health Dashboard)`),
      ),
    ])
    expect(await keys('copy/lake.json')).toEqual([])
    account.athena.faults.length = 0
    const [, again] = await Promise.all([program.json('sql', 'select 1 as one'), program.json(...sync)])
    expect(again).toMatchObject({ to: `${place}/` })
    expect((await keys('copy/')).map((key) => key.slice('copy/'.length))).toEqual(
      expect.arrayContaining(await filesOf(join(program.folder, 'lakes', CITY))),
    )
  })

  it('a session that ends for the other services: doctor names each, with what to do', async () => {
    const { sagemaker, cloudwatch } = account.servers
    athenaFault('ExpiredTokenException')
    sagemaker.faults.next('ListEndpoints', EXPIRED)
    cloudwatch.faults.next('DescribeAlarms', EXPIRED)
    const failed = await program.run(['doctor', '--json'])
    expect(failed.code).toBe(3)
    expect(checksOf(failed)).toMatchObject({
      'lake in S3': { ok: true },
      Athena: {
        ok: false,
        detail: expect.stringMatching(
          /expired \(athena:StartQueryExecution on workgroup primary.*aws sso login/,
        ),
      },
      SageMaker: {
        ok: false,
        detail: expect.stringMatching(/expired \(sagemaker:ListEndpoints.*aws sso login/),
      },
      CloudWatch: {
        ok: false,
        detail: expect.stringMatching(/expired \(cloudwatch:DescribeAlarms.*aws sso login/),
      },
    })
  })

  it('one action that is not allowed: names it and what it is about', async () => {
    const { sagemaker, cloudwatch } = account.servers
    const glue = await proxied(
      onTestFinished,
      faultFor(1, () => true, {
        status: 400,
        code: 'AccessDeniedException',
        message: 'User: job is not authorized to perform: glue:GetTable',
      }),
    )
    sagemaker.faults.next('ListEndpoints', denied('sagemaker:ListEndpoints', '*'))
    cloudwatch.faults.next('DescribeAlarms', denied('cloudwatch:DescribeAlarms', '*'))
    expect(
      checksOf(await program.run(['doctor', '--json'], { AWS_ENDPOINT_URL_GLUE: glue.url })),
    ).toMatchObject({
      Athena: {
        ok: false,
        detail: expect.stringMatching(
          new RegExp(
            `does not allow glue:GetTable on ${account.settings['BIKESHARE_DB']}\\.station_status.*Allow glue:GetTable`,
          ),
        ),
      },
      SageMaker: {
        ok: false,
        detail: expect.stringMatching(
          /does not allow sagemaker:ListEndpoints on .*Allow sagemaker:ListEndpoints/,
        ),
      },
      CloudWatch: {
        ok: false,
        detail: expect.stringMatching(
          /does not allow cloudwatch:DescribeAlarms on .*Allow cloudwatch:DescribeAlarms/,
        ),
      },
    })
  })

  it('a batch that is refused on its way is neither lost nor half there, and is made whole once it may', async () => {
    const { sagemaker, cloudwatch, metrics } = account.servers
    const published = `${CITY}/${predictionsKey(ENDPOINT, CITY, SLOT)}`

    athenaFault('AccessDeniedException')
    expect(told(await program.run(['predict']))).toEqual([
      2,
      expect.stringMatching(
        /does not allow athena:StartQueryExecution on workgroup primary[^]*Allow athena:StartQueryExecution/,
      ),
    ])
    expect(await keys(`${CITY}/inference/`)).toEqual([])
    expect(sagemaker.faults.calls('InvokeEndpoint')).toBe(0)

    cloudwatch.faults.next(
      'PutMetricData',
      denied('cloudwatch:PutMetricData', 'namespace Bikeshare/Model'),
      FOREVER,
    )
    expect(told(await program.run(['predict']))).toEqual([
      2,
      expect.stringMatching(
        /does not allow cloudwatch:PutMetricData on namespace Bikeshare\/Model[^]*Allow cloudwatch:PutMetricData/,
      ),
    ])
    expect(await keys('')).not.toContain(published)
    cloudwatch.faults.forget('PutMetricData')

    // Allowed again; and every service throttles for a moment, which nobody notices.
    athenaFault('TooManyRequestsException', 2)
    sagemaker.faults.next('InvokeEndpoint', THROTTLED, 2)
    cloudwatch.faults.next('PutMetricData', THROTTLED, 2)
    const s3 = await proxied(
      onTestFinished,
      faultFor(3, ({ method }) => method === 'PUT', { status: 503, code: 'SlowDown' }),
    )
    const done = await program.run(['predict', '--json'], { AWS_ENDPOINT_URL_S3: s3.url })
    expect(told(done)).toEqual([0, expect.any(String)])
    expect(lastJson(done)).toMatchObject({
      results: [{ endpoint: ENDPOINT, outcome: 'done', heartbeat: 1 }],
    })
    expect(s3.requests.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(3)
    expect(await keys(published.replace(/[^/]+$/, ''))).toEqual([published])
    const [beats] = await metrics.getMetricData({
      MetricDataQueries: [
        {
          Id: 'beats',
          MetricStat: {
            Metric: {
              Namespace: 'Bikeshare/Model',
              MetricName: 'PredictionHeartbeat',
              Dimensions: { EndpointName: ENDPOINT, City: CITY },
            },
            Period: 600,
            Stat: 'Sum',
          },
        },
      ],
      StartTime: SLOT,
      EndTime: SLOT + 600,
    })
    expect(beats?.Values).toEqual([1])
  })

  it('a stack that is deployed by half: says which table is missing and how it is made', async () => {
    const database = account.settings['BIKESHARE_DB'] ?? ''
    const glue = new GlueClient({ region: REGION, endpoint: motoUrl(), customUserAgent: 'bikeshare-tests' })
    await glue.send(new DeleteTableCommand({ DatabaseName: database, Name: 'station_status_live' }))
    glue.destroy()
    const args = ['sql', 'select count(*) as n from station_status']
    expect(told(await program.run(args))).toEqual([
      2,
      expect.stringMatching(new RegExp(`no table ${database}\\.station_status_live[^]*Run bikeshare tables`)),
    ])
    expect(await program.json('tables', '--since', '2024-05-01')).toMatchObject({
      created: ['station_status_live'],
      updated: [],
    })
    expect(await program.json(...args)).toMatchObject({ rows: [[expect.any(Number)]] })
  })
})

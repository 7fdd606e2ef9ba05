import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentReporter } from '../../core/report.ts'
import { exampleManifest } from '../../../test/support/example-model.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { startMlflowServer, type MlflowServer } from '../../../test/support/mlflow-server.ts'
import { logToMlflow } from './mlflow.ts'
import { registerModel, setAlias } from './registry.ts'

const { group, version } = exampleManifest()
let platform: LocalPlatform
let server: MlflowServer

const log = (url = server.url, warnings: string[] = []) =>
  logToMlflow(platform.store, group, version, {
    url,
    experiment: 'bikes in demo',
    report: { ...silentReporter, warn: (message) => void warnings.push(message) },
  })
const bodiesOf = (path: string) => server.calls.filter((call) => call.path === path).map((call) => call.body)

beforeEach(async () => {
  platform = await openLocalPlatform()
  server = await startMlflowServer()
  await registerModel(platform.store, {
    manifest: exampleManifest(),
    model: new TextEncoder().encode('trees'),
    report: { 'report.html': '<!doctype html>' },
  })
})
afterEach(async () => {
  await server.close()
  await platform.close()
})

describe('logging to MLflow', () => {
  it('makes a finished run with parameters, figures and tags, and a version of the model', async () => {
    expect(await log()).toEqual({ runId: 'run1', modelVersion: '1', created: true })
    expect(bodiesOf('experiments/create')).toEqual([{ name: 'bikes in demo' }])
    const batches = bodiesOf('runs/log-batch')
    const params = batches.flatMap((body) => (body['params'] ?? []) as object[])
    expect(params).toContainEqual({ key: 'max_depth', value: '6' })
    expect(params).toContainEqual({ key: 'training.train_rows', value: '800' })
    const metrics = batches.flatMap((body) => (body['metrics'] ?? []) as object[])
    const timestamp = 1_716_000_000_000
    expect(metrics).toContainEqual({ key: 'validation.onset_pr_auc', value: 0.2, timestamp, step: 0 })
    expect(metrics).toContainEqual({ key: 'threshold', value: 0.15, timestamp, step: 0 })
    const [created] = bodiesOf('model-versions/create')
    expect(created).toMatchObject({
      name: group,
      run_id: 'run1',
      source: 'mlflow-artifacts:/1/run1/artifacts',
    })
    expect(created?.['tags']).toContainEqual({ key: 'bikeshare.version', value: version })
    expect(server.runs.get('run1')).toBe('FINISHED')
  })

  it('uploads every file of the version, byte for byte', async () => {
    await log()
    const prefix = '1/run1/artifacts/'
    expect([...server.artifacts.keys()].sort()).toEqual([
      `${prefix}manifest.json`,
      `${prefix}model.tar.gz`,
      `${prefix}report/report.html`,
    ])
    const stored = await platform.store.get(`models/${group}/${version}/model.tar.gz`)
    expect(server.artifacts.get(`${prefix}model.tar.gz`)).toEqual(Buffer.from(stored?.body ?? []))
  })

  it('twice logs once, and moves the aliases along', async () => {
    await log()
    await setAlias(platform.store, group, 'production', version, { by: 'ana', now: 1 })
    expect(await log()).toEqual({ runId: 'run1', modelVersion: '1', created: false })
    expect(server.runs.size).toBe(1)
    expect([...server.aliases]).toEqual([['production', '1']])
  })

  it('says that it uploads nothing where the server keeps artifacts elsewhere', async () => {
    await server.close()
    server = await startMlflowServer('s3://bucket/mlflow')
    const warnings: string[] = []
    expect((await log(server.url, warnings)).created).toBe(true)
    expect(server.artifacts.size).toBe(0)
    expect(warnings).toEqual([expect.stringContaining('s3://bucket/mlflow/1/run1/artifacts')])
  })

  it('marks a run that fails in the middle, names the call, and can be done again', async () => {
    server.failNext('report/report.html', 500, '<html>disk full</html>')
    await expect(log()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /PUT 1\/run1\/artifacts\/report\/report\.html answered 500: .*disk full/,
      ),
    })
    expect(server.runs.get('run1')).toBe('FAILED')
    expect(await log()).toEqual({ runId: 'run2', modelVersion: '1', created: true })
  })

  it('names a server that is not there, one that is no MLflow, and one that sends elsewhere', async () => {
    const failing = async (path: string, status: number, body: string, message: RegExp): Promise<void> => {
      server.failNext(path, status, body)
      await expect(log()).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(message),
      })
    }
    await failing('experiments/get-by-name', 302, '', /experiments\/get-by-name.* answered 302/)
    await failing('experiments/get-by-name', 200, '<html>welcome</html>', /has no "experiment"/)
    await failing(
      'runs/create',
      403,
      '{"error_code":"PERMISSION_DENIED","message":"not you"}',
      /403: PERMISSION_DENIED not you/,
    )
    const { url } = server
    await server.close()
    await expect(log(url)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    server = await startMlflowServer()
  })

  it('of a version that is not registered asks the server nothing', async () => {
    await expect(
      logToMlflow(platform.store, group, 'other', {
        url: server.url,
        experiment: 'x',
        report: silentReporter,
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(server.calls).toEqual([])
  })
})

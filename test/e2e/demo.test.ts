import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoFigures } from '../../src/app/demo/options.ts'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { lastJson, mustRun, runCli, startCli, type CliProcess, type CliRun } from '../support/cli.ts'
import { checkDemoFigures } from '../support/demo-figures.ts'
import { demoLake } from '../support/demo-lake.ts'
import { makeTempDir } from '../support/temp-dir.ts'

/** The alarms on production, by the names of docs/ops_sla.md. */
const TWELVE = [
  'prod-endpoint-latency-p95-warn',
  'prod-endpoint-latency-p95-crit',
  'prod-endpoint-5xx-crit',
  'prod-endpoint-4xx-warn',
  'prod-latency-anomaly',
  'prod-low-traffic-24h',
  'prod-20m-zero',
  'prod-endpoint-invoke-zero',
  'prod-quality-prauc-24h-warn',
  'prod-quality-f1-24h-warn',
  'prod-feature-drift-warn',
  'prod-feature-drift-crit',
]

interface Then {
  readonly endpoints: {
    readonly endpoint: string
    readonly served: { readonly variants: { readonly model_version: string }[] } | null
  }[]
}

let dataDir: string
let demo: CliRun

beforeAll(async () => {
  const made = await demoLake()
  dataDir = made.dataDir
  demo = made.run
})

const json = async (...args: string[]): Promise<unknown> =>
  lastJson(await mustRun([...args, '--data-dir', dataDir, '--json']))

describe('npm run demo', () => {
  it('exits 0; its last line tells both targets, 144 batches, PR-AUC above persistence and onset PR-AUC at least twice persistence’s on the same rows', () => {
    const figures = lastJson(demo) as DemoFigures
    checkDemoFigures(figures)
    expect(figures.stations).toBeGreaterThan(240)
  })

  it('tells people what each figure means, where the reports are, and what to do next', () => {
    expect(demo.stdout).toContain('onset PR-AUC')
    expect(demo.stdout).toContain('npx bikeshare status')
    const reports = [...demo.stdout.matchAll(/(\S+\/models\/\S+report\.html)/g)].map((m) => m[1] ?? '')
    expect(reports).toHaveLength(2)
    expect(reports.every((report) => existsSync(report))).toBe(true)
  })

  it('leaves what the next commands find', async () => {
    const status = (await json('status')) as { late: string[]; endpoints: { batches_24h: number }[] }
    expect(status.late).toEqual([])
    expect(status.endpoints.map((endpoint) => endpoint.batches_24h)).toEqual([144, 144, 144, 144])
    const { endpoints } = (await json('endpoints', 'list')) as {
      endpoints: { EndpointName: string; EndpointStatus: string }[]
    }
    expect(endpoints.map((e) => [e.EndpointName, e.EndpointStatus])).toEqual([
      ['bikeshare-prod', 'InService'],
      ['bikeshare-prod-docks', 'InService'],
      ['bikeshare-staging', 'InService'],
      ['bikeshare-staging-docks', 'InService'],
    ])
    const { models } = (await json('models', 'list')) as { models: { aliases: string[] }[] }
    // Of each target the promoted model has both aliases; the one before it, and the planted one, have none any more.
    expect(models.map((m) => m.aliases.sort()).filter((aliases) => aliases.length > 0)).toEqual([
      ['production', 'staging'],
      ['production', 'staging'],
    ])
    expect(models).toHaveLength(5)
    const made = (await json(
      'sql',
      'select endpoint, count(distinct slot) from v_predictions group by 1 order by 1',
    )) as { rows: unknown[][] }
    const batches = made.rows.map((row) => Number(row[1]))
    expect(batches).toHaveLength(4)
    expect(new Set(batches).size).toBe(1)
    // A day on staging, three hours of releases, and the batches of the last half hour, whose outcome is still to come.
    expect(batches[0]).toBe(165)
  })

  it('scores every prediction of the replayed day that has an outcome', async () => {
    const scored = (await json(
      'sql',
      "select count(*), count(label) from v_quality where endpoint = 'bikeshare-prod'",
    )) as { rows: number[][] }
    const [all = 0, known = 0] = scored.rows[0] ?? []
    expect(all).toBeGreaterThan(30_000)
    expect(known / all).toBeGreaterThan(0.9)
  })

  it('keeps metrics of what was measured, by CloudWatch’s names', async () => {
    for (const name of ['PR-AUC-24h', 'F1-24h', 'PSI', 'PredictionHeartbeat', 'Onset-PR-AUC-24h']) {
      const got = (await json('metrics', 'get', '--name', name, '--endpoint', 'bikeshare-staging')) as {
        datapoints: { t: number; v: number }[]
      }
      expect([name, got.datapoints.length > 0]).toEqual([name, true])
      expect(got.datapoints.every(({ v }) => Number.isFinite(v))).toBe(true)
    }
  })

  it('has the twelve alarms, none of them in ALARM', async () => {
    const { alarms } = (await json('alarms', 'list')) as {
      alarms: { name: string; state: string }[]
    }
    expect(alarms.map(({ name }) => name)).toEqual(expect.arrayContaining(TWELVE))
    expect(alarms.filter(({ state }) => state === 'ALARM')).toEqual([])
  })

  it('answers for quality, drift, objectives and cost', async () => {
    for (const command of ['quality', 'drift', 'slo', 'cost'])
      expect(await json(command)).toBeTypeOf('object')
  })

  it('passes the gate: six conditions and the seventh', async () => {
    const asked = ['--endpoint', 'bikeshare-staging', '--city', 'demo', '--region', 'ca-central-1']
    const gate = (await json('gate', ...asked)) as {
      verdict: string
      conditions: { name: string; value: number; verdict: string }[]
    }
    expect(gate.verdict).toBe('pass')
    expect(gate.conditions.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 7 }, () => 'pass'))
    expect(gate.conditions.find(({ name }) => name === 'PredictionHeartbeat')?.value).toBe(144)
  })

  it('shuts the gate for an endpoint without data, and names all that is missing', async () => {
    const run = await runCli(['gate', '--endpoint', 'bikeshare-nowhere', '--data-dir', dataDir, '--json'])
    expect(run.code).toBe(4)
    const gate = lastJson(run) as { conditions: { value: number | null; detail: string }[] }
    expect(gate.conditions).toHaveLength(7)
    expect(gate.conditions.every(({ value, detail }) => value === null && detail.includes('missing'))).toBe(
      true,
    )
  })

  it('promoted the model of staging, took the planted one back, and can prove what served', async () => {
    expect(demo.stdout).toContain('Promotion by canary')
    expect(demo.stdout).toContain('promote done')
    expect(demo.stdout).toContain('all traffic is where it was')
    const { entries } = (await json('history', '--endpoint', 'bikeshare-prod')) as {
      entries: { action: string; at: number; to: { variants: { model_version: string }[] } }[]
    }
    expect(entries.map(({ action }) => action)).toEqual(['deploy', 'promote', 'promote', 'rollback'])
    expect(await json('history', '--verify')).toEqual({ problems: [] })
    const promoted = entries[1]
    const before = (await json('history', '--at', String((promoted?.at ?? 0) - 1))) as Then
    const after = (await json('history', '--at', String(promoted?.at ?? 0))) as Then
    const prod = (then: Then): string | undefined =>
      then.endpoints.find(({ endpoint }) => endpoint === 'bikeshare-prod')?.served?.variants[0]?.model_version
    expect(prod(before)).toBe(entries[0]?.to.variants[0]?.model_version)
    expect(prod(after)).toBe(promoted?.to.variants[0]?.model_version)
    expect(prod(before)).not.toBe(prod(after))
  })

  it('goes only over an earlier demo’s own data', async () => {
    const other = await makeTempDir()
    try {
      await mkdir(join(other, 'demo'))
      await copyFile(join(dataDir, 'demo', 'lake.json'), join(other, 'demo', 'lake.json'))
      const run = await runCli(['demo', '--headless', '--data-dir', other])
      expect(run.code).toBe(2)
      expect(run.stderr).toContain('no demo made')
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})

describe('npx bikeshare serve, after the demo', () => {
  let server: CliProcess
  let client: SageMakerRuntimeClient

  beforeAll(async () => {
    server = startCli(['serve', '--port', '0', '--data-dir', dataDir])
    const url = (await server.printed(/at (http:\S+)/))[1] ?? ''
    client = new SageMakerRuntimeClient({
      endpoint: url,
      region: 'ca-central-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      maxAttempts: 1,
    })
  })

  afterAll(async () => {
    client.destroy()
    await server.stop('SIGTERM')
  })

  const row = (fields: number): string => Array.from({ length: fields }, (_, i) => String(i / 100)).join(',')
  const invoke = (body: string) =>
    client.send(
      new InvokeEndpointCommand({ EndpointName: 'bikeshare-staging', ContentType: 'text/csv', Body: body }),
    )
  const failure = async (body: string): Promise<SageMakerRuntimeServiceException> => {
    const error = await invoke(body).then(
      () => undefined,
      (caught: unknown) => caught,
    )
    if (error instanceof SageMakerRuntimeServiceException) return error
    throw new Error(`not refused by the service: ${String(error)}`)
  }

  it('AWS SDK v3’s InvokeEndpoint with two rows of text/csv: an answer with its variant', async () => {
    const answer = await invoke(`${row(FEATURE_NAMES.length)}\n${row(FEATURE_NAMES.length)}\n`)
    const scores = new TextDecoder().decode(answer.Body).trim().split(/[\n,]/).map(Number)
    expect(scores).toHaveLength(2)
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true)
    expect(answer.InvokedProductionVariant).toBe('AllTraffic')
  })

  it('24 features: ModelError 424', async () => {
    const error = await failure(row(24))
    expect(error).toBeInstanceOf(ModelError)
    expect(error.$metadata.httpStatusCode).toBe(424)
    expect((error as ModelError).OriginalStatusCode).toBe(400)
    expect((error as ModelError).OriginalMessage).toMatch(/25.*24|24.*25/s)
  })

  it('drains and ends with 0 on SIGTERM', async () => {
    const other = startCli(['serve', '--port', '0', '--data-dir', dataDir])
    await other.printed(/at (http:\S+)/)
    expect((await other.stop('SIGTERM')).code).toBe(0)
  })

  it('7 MB: ValidationError 400', async () => {
    const error = await failure('0.5,'.repeat(7_000_000 / 4))
    expect(error.name).toBe('ValidationError')
    expect(error.$metadata.httpStatusCode).toBe(400)
  })
})

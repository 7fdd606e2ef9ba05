import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createLake } from '../../src/data/lake/lake-info.ts'
import { lastJson, mustRun, runCli, startCli, type CliRun } from '../support/cli.ts'
import { openLocalPlatform } from '../support/local-platform.ts'
import { CITY, registerStump, SLOT, writeCity } from '../support/serving-platform.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { type Account, openAccount } from './environment/account.ts'
import { motoUrl } from './environment/bucket.ts'
import { startFaultProxy } from './environment/fault-proxy.ts'
import { hasTrino } from './environment/open-warehouse.ts'

const STATIONS = 120
const NOW = SLOT + 60

describe.skipIf(!hasTrino())('bikeshare with platform = "aws"', () => {
  let account: Account
  let folder: string
  let env: Record<string, string>
  const run = (...args: string[]): Promise<CliRun> => runCli(args, { cwd: folder, env })
  const json = async (...args: string[]): Promise<unknown> =>
    lastJson(await mustRun([...args, '--json'], { cwd: folder, env }))

  beforeAll(async () => {
    folder = await makeTempDir()
    const local = await openLocalPlatform(join(folder, 'lakes', CITY))
    await createLake(local.store, {
      city: CITY,
      timezone: 'America/Toronto',
      country: 'CA',
      system_name: null,
      feed_url: null,
      virtual_now: NOW,
    })
    await writeCity(local, STATIONS)
    for (const [target, digit] of [
      ['bikes', '1'],
      ['docks', '2'],
    ] as const)
      await registerStump(local.store, { target, digit, scores: { low: 0.2, high: 0.7 } })
    await local.close()
    account = await openAccount(CITY, () => NOW)
    env = { ...account.addresses, ...account.settings, BIKESHARE_CITY: CITY }
  })
  afterAll(async () => {
    await account.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('takes a lake up, and does with it all that it did here', async () => {
    const place = `s3://${account.bucket}/${CITY}`
    const up = await json('sync', '--from', join('lakes', CITY), '--to', place)
    expect(up).toMatchObject({ to: `${place}/`, dry_run: false })

    const before = await run('doctor', '--json')
    expect(before.code).toBe(3)
    expect(checksOf(before)).toMatchObject({
      'lake in S3': { ok: true, detail: expect.stringContaining(CITY) },
      Athena: { ok: false, detail: expect.stringContaining('Run bikeshare tables') },
    })
    expect(await json('tables', '--since', '2024-05-01')).toMatchObject({
      database: account.settings['BIKESHARE_DB'],
      updated: [],
    })
    expect(await json('tables', '--since', '2024-05-01')).toMatchObject({ created: [], updated: [] })
    const after = await run('doctor', '--json')
    expect(checksOf(after)).toMatchObject({
      Athena: { ok: true, detail: expect.stringContaining('rows of status of 2024-05-14') },
      SageMaker: { ok: true, detail: 'no endpoint yet' },
      CloudWatch: { ok: true },
    })
    expect(after.code).toBe(0)

    expect(await json('status')).toMatchObject({ lake: { lake: { city: CITY }, snapshots_24h: 16 } })
    expect(
      await json('sql', 'select count(distinct station_id) as stations from v_station_information'),
    ).toMatchObject({ rows: [[STATIONS]] })
    expect(await json('models', 'list')).toMatchObject({ models: [{}, {}] })
    expect(await json('endpoints', 'deploy', '--stage', 'staging')).toMatchObject({
      deployments: [{ endpoint: 'bikeshare-staging' }, { endpoint: 'bikeshare-staging-docks' }],
    })
    expect(await json('predict')).toMatchObject({
      slot: SLOT,
      results: [
        { endpoint: 'bikeshare-staging', outcome: 'done', requests: 2, heartbeat: 1 },
        { endpoint: 'bikeshare-staging-docks', outcome: 'done', heartbeat: 1 },
      ],
    })
    expect(await json('predict')).toMatchObject({ results: [{ outcome: 'already_done' }, {}] })
    const gate = await run('gate')
    expect([gate.code, gate.stdout]).toEqual([4, expect.stringContaining('missing')])
    expect(await json('cost', '--platform', 'aws')).toMatchObject({
      aws: { lines: expect.arrayContaining([expect.objectContaining({ service: 'SageMaker' })]) },
    })
  })

  it('shows the lake in S3 in a dashboard on this machine', async () => {
    const cli = startCli(['dashboard', '--port', '0'], { cwd: folder, env })
    onTestFinished(async () => void (await cli.stop('SIGKILL')))
    const [, url = ''] = await cli.printed(/at (http:\S+?);/)
    expect(await (await fetch(`${url}/api/cities`)).json()).toMatchObject({
      cities: [{ name: CITY, stations: STATIONS, problem: null }],
    })
    expect(await (await fetch(`${url}/api/cities/${CITY}/state`)).json()).toMatchObject({
      as_of: { city: CITY, at: NOW },
    })
    expect((await cli.stop('SIGTERM')).code).toBe(0)
  })

  it('keeps a further city of the account apart: its own database, its own endpoints', async () => {
    const apart = { ...env, BIKESHARE_AWS__FIRST_CITY: 'elsewhere' }
    const jsonOf = async (...args: string[]): Promise<unknown> =>
      lastJson(await mustRun([...args, '--json'], { cwd: folder, env: apart }))
    const deployed = await jsonOf('endpoints', 'deploy', '--stage', 'prod', '--target', 'bikes')
    expect(deployed).toMatchObject({ deployments: [{ endpoint: `bikeshare-${CITY}-prod` }] })
    const listed = (await jsonOf('endpoints', 'list')) as {
      endpoints: readonly { readonly EndpointName: string }[]
    }
    expect(listed.endpoints.map(({ EndpointName }) => EndpointName)).toEqual([`bikeshare-${CITY}-prod`])
    expect(await jsonOf('tables', '--since', '2024-05-01')).toMatchObject({
      database: `${account.settings['BIKESHARE_DB']}_${CITY}`,
      updated: [],
      unchanged: [],
    })
    const mixed = await runCli(['tables', '--city', 'elsewhere'], {
      cwd: folder,
      env: { ...env, BIKESHARE_CITY: '' },
    })
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('is of another lake')])
  })

  it.each([
    ['no city', { BIKESHARE_CITY: '' }, 2, 'no city is chosen'],
    ['no bucket in the settings', { BIKESHARE_AWS__BUCKET: '' }, 2, 'no bucket is named'],
    ['a bucket that is not there', { BIKESHARE_AWS__BUCKET: 'nobodys-bucket' }, 2, 'nobodys-bucket'],
    ['no credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 2, 'no credentials'],
  ])('%s: says so', async (_, changed, code, message) => {
    const failed = await runCli(['status'], { cwd: folder, env: { ...env, ...changed } })
    expect([failed.code, failed.stderr]).toEqual([code, expect.stringContaining(message)])
    expect(failed.stderr).not.toContain('a bug')
  })

  it('an action that is not allowed: names it and what it was about', async () => {
    const proxy = await startFaultProxy(motoUrl())
    onTestFinished(() => proxy.close())
    proxy.fault = ({ url }) =>
      url.pathname.endsWith('lake.json') ? { status: 403, code: 'AccessDenied' } : undefined
    const failed = await runCli(['status'], { cwd: folder, env: { ...env, AWS_ENDPOINT_URL_S3: proxy.url } })
    expect([failed.code, failed.stderr]).toEqual([
      2,
      expect.stringMatching(/does not allow s3:GetObject on .*lake\.json/),
    ])
  })
})

interface Found {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

const checksOf = (run: CliRun): Record<string, unknown> =>
  Object.fromEntries((lastJson(run) as Found).checks.map((check) => [check.name, check]))

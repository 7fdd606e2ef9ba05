import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { lastJson, startCli } from '../support/cli.ts'
import { CITY, SLOT } from '../support/serving-platform.ts'
import type { Account } from './environment/account.ts'
import { hasTrino } from './environment/open-warehouse.ts'
import { checksOf, NOW, openProgram, type Program } from './environment/program.ts'

const STATIONS = 120

describe.skipIf(!hasTrino())('bikeshare with platform = "aws"', () => {
  let program: Program
  let account: Account
  beforeAll(async () => {
    program = await openProgram(STATIONS, ['bikes', 'docks'])
    account = program.account
  })
  afterAll(() => program.close())

  it('takes a lake up, and does with it all that it did here', async () => {
    const place = `s3://${account.bucket}/${CITY}`
    const up = await program.json('sync', '--from', program.lake, '--to', place)
    expect(up).toMatchObject({ to: `${place}/`, dry_run: false })

    const before = await program.run(['doctor', '--json'])
    expect(before.code).toBe(3)
    expect(checksOf(before)).toMatchObject({
      'lake in S3': { ok: true, detail: expect.stringContaining(CITY) },
      Athena: { ok: false, detail: expect.stringContaining('Run bikeshare tables') },
    })
    expect(await program.json('tables', '--since', '2024-05-01')).toMatchObject({
      database: account.settings['BIKESHARE_DB'],
      updated: [],
    })
    expect(await program.json('tables', '--since', '2024-05-01')).toMatchObject({ created: [], updated: [] })
    const after = await program.run(['doctor', '--json'])
    expect(checksOf(after)).toMatchObject({
      Athena: { ok: true, detail: expect.stringContaining('rows of status of 2024-05-14') },
      SageMaker: { ok: true, detail: 'no endpoint yet' },
      CloudWatch: { ok: true },
    })
    expect(after.code).toBe(0)

    const [status, rows, models, deployed] = await Promise.all([
      program.json('status'),
      program.json('sql', 'select count(distinct station_id) as stations from v_station_information'),
      program.json('models', 'list'),
      program.json('endpoints', 'deploy', '--stage', 'staging'),
    ])
    expect(status).toMatchObject({ lake: { lake: { city: CITY }, snapshots_24h: 16 } })
    expect(rows).toMatchObject({ rows: [[STATIONS]] })
    expect(models).toMatchObject({ models: [{}, {}] })
    expect(deployed).toMatchObject({
      deployments: [{ endpoint: 'bikeshare-staging' }, { endpoint: 'bikeshare-staging-docks' }],
    })
    expect(await program.json('predict')).toMatchObject({
      slot: SLOT,
      results: [
        { endpoint: 'bikeshare-staging', outcome: 'done', requests: 2, heartbeat: 1 },
        { endpoint: 'bikeshare-staging-docks', outcome: 'done', heartbeat: 1 },
      ],
    })
    const [again, gate, cost] = await Promise.all([
      program.json('predict'),
      program.run(['gate']),
      program.json('cost'),
    ])
    expect(again).toMatchObject({ results: [{ outcome: 'already_done' }, {}] })
    expect([gate.code, gate.stdout]).toEqual([4, expect.stringContaining('missing')])
    expect(cost).toMatchObject({
      aws: { lines: expect.arrayContaining([expect.objectContaining({ service: 'SageMaker' })]) },
    })
  })

  it('shows the lake in S3 in a dashboard on this machine', async () => {
    const { folder: cwd, env } = program
    const cli = startCli(['dashboard', '--port', '0'], { cwd, env })
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
    const jsonOf = async (...args: string[]): Promise<unknown> =>
      lastJson(await program.run([...args, '--json'], { BIKESHARE_AWS__FIRST_CITY: 'elsewhere' }))
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
    const mixed = await program.run(['tables', '--city', 'elsewhere'], { BIKESHARE_CITY: '' })
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('is of another lake')])
  })

  it.concurrent.each([
    ['no city', { BIKESHARE_CITY: '' }, 2, 'no city is chosen'],
    ['no bucket in the settings', { BIKESHARE_AWS__BUCKET: '' }, 2, 'no bucket is named'],
    ['a bucket that is not there', { BIKESHARE_AWS__BUCKET: 'nobodys-bucket' }, 2, 'nobodys-bucket'],
    ['no credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 2, 'no credentials'],
  ])('%s: says so', async (_, changed, code, message) => {
    const failed = await program.run(['status'], changed)
    expect([failed.code, failed.stderr]).toEqual([code, expect.stringContaining(message)])
    expect(failed.stderr).not.toContain('a bug')
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
/** Everything that can be asked for. */
const WHOLE = {
  cities: '{"nyc":{"stations":2200},"sf":{"stations":516}}',
  alarm_email: 'operations@example.org',
  github_repository: 'example/bikeshare',
  monthly_budget_usd: '300',
  public_dashboard: 'true',
  certificate_arn: 'arn:aws:acm:ca-central-1:111122223333:certificate/example',
}
/** Of a run that starts three programs one in another. */
const LONG = { timeout: 600_000 }
/** A network of its own has nobody in it; not everywhere may a process have one. */
const APART = ['--map-root-user', '--net']
const mayBeApart = spawnSync('unshare', [...APART, 'true']).status === 0

describe(`cdk synth without an account${mayBeApart ? ' and without a network' : ''}`, () => {
  let folder: string
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'bikeshare-synth-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const synth = (context: Readonly<Record<string, string>>): string[] => {
    const output = mkdtempSync(join(folder, 'out-'))
    const given = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`])
    const command = ['npm', 'run', 'cdk', '--', 'synth', '--quiet', '--output', output, ...given]
    const [program = '', ...args] = mayBeApart ? ['unshare', ...APART, ...command] : command
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: root,
      encoding: 'utf8',
      env: withoutAccount(),
    })
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, ''])
    const templates = readdirSync(output).filter((name) => name.endsWith('.template.json'))
    for (const name of templates)
      expect([name, Object.keys(resourcesOf(join(output, name))).length > 0]).toEqual([name, true])
    return templates.map((name) => name.replace('.template.json', '')).toSorted()
  }

  it('writes a template a stack, with everything on', LONG, () => {
    expect(synth(WHOLE)).toEqual([
      'bikeshare-dashboard',
      'bikeshare-github',
      'bikeshare-jobs',
      'bikeshare-lake',
      'bikeshare-monitoring',
      'bikeshare-serving',
    ])
  })

  it('leaves out what nobody asked for', LONG, () => {
    expect(synth({})).toEqual([
      'bikeshare-jobs',
      'bikeshare-lake',
      'bikeshare-monitoring',
      'bikeshare-serving',
    ])
  })
})

/** The environment without whatever may lead to an account. */
function withoutAccount(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|VITEST|NODE_OPTIONS)/.test(name))
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

const resourcesOf = (path: string): object =>
  (JSON.parse(readFileSync(path, 'utf8')) as { Resources?: object }).Resources ?? {}

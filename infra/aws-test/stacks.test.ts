import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { synthesise } from '../test/templates.ts'
import { TARGETS } from '../../src/core/contracts/features.ts'
import { ALARM_TABLE } from '../../src/operations/alarms/alarm-table.ts'
import { PARTS } from '../../src/operations/scheduler/parts.ts'
import { PHYSICAL_TABLES } from '../../src/platform/aws/glue-tables/physical-tables.ts'
import { REGION } from '../../test/aws/environment/environment.ts'
import { startMoto } from '../../test/aws/environment/moto.ts'

const STACKS = ['lake', 'monitoring', 'serving', 'jobs', 'github', 'dashboard'].map(
  (name) => `bikeshare-${name}`,
)

/** Types that moto's CloudFormation passes over: made through moto's own service, or (null) not made at all. */
const UNKNOWN_TO_MOTO: Readonly<Record<string, 'by service' | null>> = {
  'AWS::Budgets::Budget': null,
  'AWS::CloudWatch::Alarm': 'by service',
  'AWS::CloudWatch::CompositeAlarm': null,
  'AWS::EC2::SecurityGroupEgress': null,
  'AWS::Glue::Database': 'by service',
  'AWS::Glue::Table': 'by service',
  'AWS::IAM::OIDCProvider': null,
  'AWS::S3::BucketPolicy': 'by service',
  'AWS::SNS::Subscription': 'by service',
  'AWS::Scheduler::Schedule': 'by service',
}

interface Made {
  readonly stacks: Readonly<
    Record<
      string,
      {
        readonly status: string
        readonly created: number
        readonly unknown: Readonly<Record<string, number>>
        readonly byService: Readonly<Record<string, number>>
        readonly refused: readonly string[]
      }
    >
  >
  readonly bucket: string
  readonly encryption: unknown
  readonly lifecycle: readonly {
    readonly Filter: { readonly Prefix: string }
    readonly Expiration?: { Days: number }
  }[]
  readonly tables: Readonly<
    Record<
      string,
      readonly {
        readonly name: string
        readonly type: string
        readonly location: string | null
        readonly projection: string | null
      }[]
    >
  >
  readonly schedules: readonly { readonly name: string; readonly ScheduleExpression: string }[]
  readonly topics: readonly string[]
  readonly alarms: readonly string[]
  readonly roles: readonly string[]
}

const python = inject('awsPython')
const run = promisify(execFile)

describe.skipIf(python === undefined)('the templates', () => {
  const { settings, templates } = synthesise()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-templates-'))
    for (const [name, template] of templates)
      await writeFile(join(folder, `${name}.json`), JSON.stringify(template, undefined, 1))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('have no error that cfn-lint knows', async () => {
    const files = [...templates.keys()].map((name) => `${name}.json`)
    const lint = join(python ?? '', '..', 'cfn-lint')
    const args = [
      '--regions',
      REGION,
      '--format',
      'parseable',
      '--non-zero-exit-code',
      'none',
      '--',
      ...files,
    ]
    const { stdout } = await run(lint, args, { cwd: folder })
    const found = stdout.split('\n').filter((line) => /:[EWI]\d{4}:/.test(line))
    if (found.length > 0) console.log(`cfn-lint:\n  ${found.join('\n  ')}`)
    expect(found.filter((line) => /:E\d{4}:/.test(line))).toEqual([])
  })

  describe('as stacks in moto', () => {
    let made: Made
    beforeAll(async () => {
      const moto = await startMoto(python ?? '')
      const script = join(import.meta.dirname, 'create_stacks.py')
      try {
        const { stdout } = await run(python ?? '', [script, moto.url, REGION, folder, ...STACKS])
        made = JSON.parse(stdout) as Made
      } finally {
        await moto.close()
      }
    })

    it('are all created, but for what moto does not know', () => {
      const unknown = Object.entries(made.stacks).flatMap(([stack, { unknown: types }]) =>
        Object.entries(types).map(([type, count]) => ({ stack, type, count })),
      )
      const how = (type: string): string => UNKNOWN_TO_MOTO[type] ?? 'not made'
      const lines = unknown.map(({ stack, type, count }) => `${stack}: ${count} ${type}, ${how(type)}`)
      console.log(`moto's CloudFormation does not know:\n  ${lines.join('\n  ')}`)
      expect([...templates.keys()].toSorted()).toEqual(STACKS.toSorted())
      for (const [stack, { status, refused, byService, unknown: types }] of Object.entries(made.stacks)) {
        expect([stack, status, refused]).toEqual([stack, 'CREATE_COMPLETE', []])
        for (const [type, count] of Object.entries(types))
          if (UNKNOWN_TO_MOTO[type] !== null) expect([type, byService[type]]).toEqual([type, count])
      }
      expect([...new Set(unknown.map(({ type }) => type))].toSorted()).toEqual(Object.keys(UNKNOWN_TO_MOTO))
    })

    it('have the lake’s bucket encrypted and with its lifecycle', () => {
      expect(made.bucket).toBe(`mlops-bikeshare-123456789012-${REGION}`)
      expect(made.encryption).toMatchObject([
        { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ])
      const days = new Map(made.lifecycle.map(({ Filter, Expiration }) => [Filter.Prefix, Expiration?.Days]))
      expect(days.get('nyc/inference/')).toBe(settings.config.retention.inference_days + 1)
      expect(days.get('sf/metrics-sent/')).toBe(15)
      expect(days.get('athena_results/')).toBe(settings.config.retention.query_results_days + 1)
    })

    it('have the tables of each city’s lake, projected, where its keys are', () => {
      for (const { name, database } of settings.cities) {
        const tables = (made.tables[database] ?? []).filter(({ type }) => type !== 'VIRTUAL_VIEW')
        expect(tables.map((table) => table.name).toSorted()).toEqual(
          PHYSICAL_TABLES.map((table) => table.name).toSorted(),
        )
        for (const { location, projection } of tables) {
          expect(location?.startsWith(`s3://${made.bucket}/${name}/`)).toBe(true)
          expect(projection).toBe('true')
        }
      }
    })

    it('have schedules, topic, alarms and roles', () => {
      expect(new Map(made.schedules.map((schedule) => [schedule.name, schedule.ScheduleExpression]))).toEqual(
        new Map(
          PARTS.flatMap(({ name, schedule }) =>
            schedule === null ? [] : [[`bikeshare-${name}`, schedule] as const],
          ),
        ),
      )
      expect(made.topics).toEqual([`arn:aws:sns:${REGION}:123456789012:bikeshare-alarms`])
      const metric = ALARM_TABLE.filter(({ kind }) => kind === 'metric')
      expect(made.alarms).toHaveLength(metric.length * settings.cities.length * TARGETS.length)
      expect(made.alarms).toContain('prod-endpoint-5xx-crit')
      expect(made.roles).toEqual(
        expect.arrayContaining(['bikeshare-workflows-production', 'bikeshare-workflows-staging']),
      )
    })
  })
})

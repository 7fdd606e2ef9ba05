import { describe, expect, it } from 'vitest'
import { ALLOWED_WILDCARDS } from '../access/wildcards.ts'
import { TARGETS } from '../../src/core/contracts/features.ts'
import { endpointName } from '../../src/core/names.ts'
import { LIFECYCLE } from '../../src/data/lake/lifecycle.ts'
import { ALARM_TABLE } from '../../src/operations/alarms/alarm-table.ts'
import { alarmName } from '../../src/operations/alarms/alarms-for.ts'
import { PARTS } from '../../src/operations/scheduler/parts.ts'
import { statementsOf, synthesise, type Resource } from './templates.ts'

const { settings, stacks } = synthesise()
const all: readonly Resource[] = [...stacks.values()].flatMap((resources) => [...resources.values()])
const ofType = (type: string): Resource[] => all.filter(({ Type }) => Type === type)
const statements = statementsOf(stacks)

describe('the templates', () => {
  it('have their resources, counted by type', () => {
    const counts = [...new Set(all.map(({ Type }) => Type))]
      .toSorted()
      .map((type) => `${type} ${ofType(type).length}`)
    console.log(`${stacks.size} stacks, ${all.length} resources:\n  ${counts.join('\n  ')}`)
    expect([...stacks.keys()].toSorted()).toEqual([
      'bikeshare-dashboard',
      'bikeshare-github',
      'bikeshare-jobs',
      'bikeshare-lake',
      'bikeshare-monitoring',
      'bikeshare-serving',
    ])
    // What costs by being there and what a small stack has by mistake.
    expect(ofType('AWS::EC2::NatGateway')).toEqual([])
    expect(ofType('AWS::Lambda::Function')).toEqual([])
    expect(ofType('AWS::SageMaker::Endpoint')).toEqual([])
  })

  it('keep the lake encrypted, private, and when the stack is destroyed', () => {
    const [bucket, ...others] = ofType('AWS::S3::Bucket')
    expect(others).toEqual([])
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    })
    const rules = (
      (bucket?.Properties?.['LifecycleConfiguration'] ?? { Rules: [] }) as {
        Rules: { Prefix?: string; ExpirationInDays?: number }[]
      }
    ).Rules
    const days = new Map(rules.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]))
    const wanted = LIFECYCLE.filter(({ keeps }) => keeps === undefined).flatMap(({ prefix, setting }) =>
      (prefix === 'athena_results/'
        ? [prefix]
        : settings.cities.map(({ name }) => `${name}/${prefix.replace('CITY', name)}`)
      ).map((key) => [key, settings.config.retention[setting] + 1] as const),
    )
    const sent = settings.cities.map(({ name }) => [`${name}/metrics-sent/`, 15] as const)
    // Nothing else expires.
    days.delete(undefined)
    expect(Object.fromEntries(days)).toEqual(Object.fromEntries([...wanted, ...sent]))
  })

  it('have no wildcard that is not listed with its reason, and list none that they do not have', () => {
    const used = new Set<(typeof ALLOWED_WILDCARDS)[number]>()
    const unlisted: string[] = []
    for (const { where, Effect, Action, Resource } of statements) {
      expect([where, Effect]).toEqual([where, 'Allow'])
      expect([where, Action.filter((action) => action.includes('*'))]).toEqual([where, []])
      for (const resource of Resource.filter((name) => name.includes('*'))) {
        const listed = ALLOWED_WILDCARDS.find(
          (wildcard) =>
            wildcard.resource.test(resource) && Action.every((action) => wildcard.actions.includes(action)),
        )
        if (listed) used.add(listed)
        else unlisted.push(`${where}: ${Action.join(', ')} on ${resource}`)
      }
    }
    console.log(`${statements.length} policy statements, ${unlisted.length} unlisted wildcards`)
    expect(unlisted).toEqual([])
    expect(ALLOWED_WILDCARDS.filter((wildcard) => !used.has(wildcard))).toEqual([])
  })

  it('pass a role only to the service that it is for', () => {
    const passing = statements.filter(({ Action }) => Action.includes('iam:PassRole'))
    expect(passing.length).toBeGreaterThan(0)
    for (const { where, Action, Condition } of passing) {
      expect([where, Action]).toEqual([where, ['iam:PassRole']])
      expect(Condition).toHaveProperty(['StringEquals', 'iam:PassedToService'])
    }
  })

  it('trust workflows of one repository and environment, with a token made for AWS', () => {
    const roles = ofType('AWS::IAM::Role').filter(({ Properties }) =>
      JSON.stringify(Properties?.['AssumeRolePolicyDocument']).includes('WebIdentity'),
    )
    expect(roles).toHaveLength(2)
    for (const role of roles)
      expect(JSON.stringify(role.Properties?.['AssumeRolePolicyDocument'])).toMatch(
        /"StringEquals":\{"token\.actions\.githubusercontent\.com:aud":"sts\.amazonaws\.com","token\.actions\.githubusercontent\.com:sub":"repo:example\/bikeshare:environment:(?:staging|production)"\}/,
      )
  })

  it('have every alarm of the table for every endpoint in production, as the table says', () => {
    const metric = ofType('AWS::CloudWatch::Alarm')
    const composite = ofType('AWS::CloudWatch::CompositeAlarm')
    const endpoints = settings.cities.flatMap(({ prefix }) =>
      TARGETS.map((target) => endpointName('prod', target, prefix)),
    )
    expect(metric.length + composite.length).toBe(endpoints.length * ALARM_TABLE.length)
    for (const endpoint of endpoints)
      for (const row of ALARM_TABLE) {
        const name = alarmName(endpoint, row.suffix)
        const properties = [...metric, ...composite].find(
          (alarm) => alarm.Properties?.['AlarmName'] === name,
        )?.Properties
        expect([name, properties === undefined]).toEqual([name, false])
        expect(properties?.['AlarmActions']).toHaveLength(1)
        if (row.kind === 'composite') {
          for (const suffix of row.all)
            expect(properties?.['AlarmRule']).toContain(`ALARM("${alarmName(endpoint, suffix)}")`)
          continue
        }
        const [datapoints, periods] = row.datapoints
        expect(properties).toMatchObject({
          ComparisonOperator: row.operator,
          DatapointsToAlarm: datapoints,
          EvaluationPeriods: periods,
          TreatMissingData: row.missing,
        })
        if (row.threshold.kind === 'number') expect(properties?.['Threshold']).toBe(row.threshold.value)
        if (row.threshold.kind === 'band') expect(properties?.['ThresholdMetricId']).toBe('band')
        const stats = (
          (properties?.['Metrics'] ?? []) as {
            MetricStat?: { Stat: string; Period: number; Metric: { MetricName: string } }
          }[]
        ).flatMap(({ MetricStat }) => MetricStat ?? [])
        for (const { Stat, Period } of stats)
          expect([name, Stat, Period]).toEqual([name, row.statistic, row.period])
        expect(stats.map(({ Metric }) => Metric.MetricName)).toContain(row.watched.metric)
      }
  })

  it('show every endpoint in production on one dashboard, whatever variants it has', () => {
    const [dashboard, ...others] = ofType('AWS::CloudWatch::Dashboard')
    expect(others).toEqual([])
    const body = JSON.stringify(dashboard?.Properties?.['DashboardBody'])
    for (const { prefix } of settings.cities)
      for (const target of TARGETS)
        expect(body).toMatch(
          new RegExp(String.raw`SEARCH\(.{0,80}EndpointName=\W+${endpointName('prod', target, prefix)}\W`),
        )
    expect(body).not.toContain('AllTraffic')
  })

  it('let nobody but a person pause the jobs, or write to the topic', () => {
    const granted = statements.flatMap(({ where, Action }) => Action.map((action) => `${action} ${where}`))
    expect(granted.filter((line) => /^(?:scheduler|sns):/.test(line))).toEqual([])
  })

  it('start every part of the jobs: by its schedule, or as a service that stays', () => {
    const schedules = ofType('AWS::Scheduler::Schedule')
    const services = ofType('AWS::ECS::Service')
    for (const { name, schedule } of PARTS)
      if (schedule === null)
        expect(services.map(({ Properties }) => Properties?.['ServiceName'])).toContain(`bikeshare-${name}`)
      else
        expect(
          schedules.find(({ Properties }) => Properties?.['Name'] === `bikeshare-${name}`)?.Properties,
        ).toMatchObject({ ScheduleExpression: schedule, ScheduleExpressionTimezone: 'UTC' })
    const tasks = ofType('AWS::ECS::TaskDefinition')
    expect(tasks).toHaveLength(PARTS.length + 1)
    for (const { Properties } of tasks)
      expect(Properties?.['ContainerDefinitions']).toMatchObject([{ ReadonlyRootFilesystem: true }])
  })

  it('hold no secret, and name no account', () => {
    const text = JSON.stringify([...stacks].map(([, resources]) => [...resources]))
    expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|aws_secret|password/i)
    expect(text.match(/\b\d{12}\b/g) ?? []).toEqual(['111122223333'])
  })
})

describe('settings of a deployment', () => {
  it.each([
    [{ cities: {} }, /name at least one city/],
    [{ cities: { 'New York': { stations: 1 } } }, /cities/],
    [{ public_dashboard: true }, /certificate_arn/],
    [{ monthly_budget_usd: 10 }, /alarm_email/],
    [{ github_repository: 'no slash' }, /OWNER\/NAME/],
  ])('refuse %j', async (context, message) => {
    const { readSettings } = await import('../settings.ts')
    expect(() => readSettings({ cities: { nyc: { stations: 10 } }, ...context })).toThrow(message)
  })

  it('take what `cdk -c` gives as text', async () => {
    const { readSettings } = await import('../settings.ts')
    expect(
      readSettings({
        cities: '{"nyc":{"stations":10},"sf":{"stations":5}}',
        public_dashboard: 'false',
        monthly_budget_usd: '0',
      }),
    ).toMatchObject({
      cities: [{ prefix: 'bikeshare' }, { prefix: 'bikeshare-sf' }],
      public_dashboard: false,
    })
  })
})

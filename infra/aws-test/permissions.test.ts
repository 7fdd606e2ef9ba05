import { beforeAll, describe, expect, it } from 'vitest'
import { statementsOf, synthesise, type PolicyStatement } from '../test/templates.ts'
import { PARTS } from '../../src/operations/scheduler/parts.ts'
import { PHYSICAL_TABLES } from '../../src/platform/aws/glue-tables/physical-tables.ts'
import { hasTrino } from '../../test/aws/environment/open-warehouse.ts'
import { REGION } from '../../test/aws/environment/environment.ts'
import { ENDPOINT_ROLE, liveParts, PREFIX, TOPIC, TRAINING_ROLE, type LivedParts } from './lived-parts.ts'
import { NOT_EXERCISED } from './not-exercised.ts'
import { allowing, type Request } from './policy.ts'
import { requestsOf } from './requests.ts'

const ACCOUNT = '000000000000'
const ROLES = [...PARTS.map(({ name }) => name), 'workflow']
/** What a role's statements are found by. */
const WHERE = new Map(
  ROLES.map((role) => [
    role,
    role === 'workflow'
      ? /^bikeshare-github\/Workflowsproduction/
      : new RegExp(`^bikeshare-jobs/Role${role}`),
  ]),
)

const { settings, stacks } = synthesise()
const place = {
  region: REGION,
  account: ACCOUNT,
  workgroup: settings.config.workgroup,
  database: settings.config.db,
  bucket: `mlops-bikeshare-${ACCOUNT}-${REGION}`,
  city: settings.cities[0]?.name ?? '',
  prefix: PREFIX,
  tableFolders: PHYSICAL_TABLES.map(({ folder }) => folder),
}
const named = (text: string): string =>
  text
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', REGION)
    .replaceAll('${AWS::AccountId}', ACCOUNT)
    .replace(/\$\{bikeshare-serving:[^}]*Endpoints[^}]*\}/, ENDPOINT_ROLE)
    .replace(/\$\{bikeshare-serving:[^}]*Training[^}]*\}/, TRAINING_ROLE)
    .replace(/\$\{bikeshare-monitoring:[^}]*\}/, TOPIC)
const all = statementsOf(stacks).map((statement) => ({
  ...statement,
  Resource: statement.Resource.map(named),
}))
const grantedTo = (role: string): PolicyStatement[] => {
  const found = all.filter(({ where }) => WHERE.get(role)?.test(where))
  expect([role, found.length > 0]).toEqual([role, true])
  return found
}

describe.skipIf(!hasTrino())('the roles of the jobs', () => {
  let lived: LivedParts
  const requests = new Map<string, Request[]>()
  beforeAll(async () => {
    lived = await liveParts()
    for (const role of ROLES) {
      const distinct = new Map(
        lived.calls
          .filter(({ job }) => job === role)
          .flatMap((call) => requestsOf(call, place))
          .map((request) => [JSON.stringify(request), request]),
      )
      requests.set(role, [...distinct.values()])
    }
  }, 1_800_000)

  it('are looked at while every job of theirs runs and succeeds', () => {
    expect(lived.failed).toEqual([])
    expect([...lived.jobs].toSorted()).toEqual(PARTS.flatMap(({ jobs }) => jobs).toSorted())
    const counts = ROLES.map((role) => `${role} ${requests.get(role)?.length ?? 0}`)
    console.log(`${lived.calls.length} calls; distinct requests by role: ${counts.join(', ')}`)
  })

  it.each(ROLES)('%s: may do everything that it does', (role) => {
    const statements = grantedTo(role)
    const refused = (requests.get(role) ?? [])
      .filter((request) => allowing(statements, request).length === 0)
      .map(({ action, resource, context }) => [action, resource, JSON.stringify(context)].join(' '))
    expect(refused).toEqual([])
  })

  it('may do nothing that they do not, but for what is listed with its reason', () => {
    const used = new Set<(typeof NOT_EXERCISED)[number]>()
    const superfluous: string[] = []
    const pointless: string[] = []
    for (const role of ROLES)
      for (const statement of grantedTo(role))
        for (const action of statement.Action)
          for (const resource of statement.Resource) {
            const one = { ...statement, Action: [action], Resource: [resource] }
            const isUsed = (requests.get(role) ?? []).some((request) => allowing([one], request).length > 0)
            const listed = NOT_EXERCISED.filter(
              (entry) => entry.roles.test(role) && entry.action.test(action) && entry.resource.test(resource),
            )
            if (!isUsed) for (const entry of listed) used.add(entry)
            if (!isUsed && listed.length === 0) superfluous.push(`${role}: ${action} on ${resource}`)
          }
    for (const entry of NOT_EXERCISED) if (!used.has(entry)) pointless.push(entry.why)
    console.log(`granted and not exercised, by reason:\n  ${[...used].map(({ why }) => why).join('\n  ')}`)
    expect(superfluous).toEqual([])
    expect(pointless).toEqual([])
  })
})

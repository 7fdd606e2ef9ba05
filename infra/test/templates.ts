import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { readSettings, type Settings } from '../settings.ts'
import { addStacks } from '../stacks.ts'

/** A deployment with everything that can be asked for. */
const WHOLE = {
  cities: { nyc: { stations: 2200 }, sf: { stations: 516 } },
  alarm_email: 'operations@example.org',
  github_repository: 'example/bikeshare',
  monthly_budget_usd: 300,
  public_dashboard: true,
  certificate_arn: 'arn:aws:acm:ca-central-1:111122223333:certificate/example',
}

/** A resource of a template, as CloudFormation reads it. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Record<string, unknown>
  readonly DeletionPolicy?: string
}

/** The whole deployment, synthesised without an account: settings, and by stack its resources. */
export function synthesise(): {
  settings: Settings
  stacks: ReadonlyMap<string, ReadonlyMap<string, Resource>>
  templates: ReadonlyMap<string, object>
} {
  const app = new App({ context: WHOLE })
  const settings = readSettings(app.node.getAllContext())
  addStacks(app, settings)
  const { stacks } = app.synth()
  const templates = new Map(stacks.map(({ stackName, template }) => [stackName, template as object]))
  return {
    settings,
    templates,
    stacks: new Map(
      [...templates].map(([name, template]) => {
        const { Resources = {} } = Template.fromJSON(template).toJSON() as {
          Resources?: Record<string, Resource>
        }
        return [name, new Map(Object.entries(Resources))]
      }),
    ),
  }
}

/** One statement of a policy of the templates, its pseudo parameters and references written `${…}`. */
export interface PolicyStatement {
  readonly where: string
  readonly Effect: string
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition: unknown
}

/** Every statement that says what a principal may do. */
export function statementsOf(stacks: ReadonlyMap<string, ReadonlyMap<string, Resource>>): PolicyStatement[] {
  return [...stacks].flatMap(([stack, resources]) =>
    [...resources].flatMap(([id, { Type, Properties }]) => {
      if (!['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'].includes(Type)) return []
      const documents = [
        Properties?.['PolicyDocument'],
        ...((Properties?.['Policies'] ?? []) as { PolicyDocument: unknown }[]).map(
          (policy) => policy.PolicyDocument,
        ),
      ]
      return documents.flatMap((document) =>
        ((document as { Statement?: Record<string, unknown>[] } | undefined)?.Statement ?? []).map(
          (statement) => ({
            where: `${stack}/${id}/${typeof statement['Sid'] === 'string' ? statement['Sid'] : '-'}`,
            Effect: String(statement['Effect']),
            Action: list(statement['Action']),
            Resource: list(statement['Resource']),
            Condition: statement['Condition'],
          }),
        ),
      )
    }),
  )
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(textOf)
}

/** `Fn::Join`, `Ref` and `Fn::GetAtt` as one text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::ImportValue': imported,
    'Fn::Sub': sub,
  } = value as Record<string, unknown>
  if (typeof Ref === 'string') return `\${${Ref}}`
  if (Array.isArray(attribute)) return `\${${attribute.join('.')}}`
  if (typeof imported === 'string') return `\${${imported}}`
  if (typeof sub === 'string') return sub
  if (Array.isArray(join)) return (join[1] as unknown[]).map(textOf).join(String(join[0]))
  throw new Error(`a policy has a resource of an unknown form: ${JSON.stringify(value)}`)
}

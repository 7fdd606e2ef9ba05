import { aws_iam as iam, Aws, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { WORKFLOW_ACCESS } from '../access/prefixes.ts'
import {
  alarmStatements,
  deployStatements,
  lakeStatements,
  listStatement,
  metricStatements,
  packageStatements,
  queryStatements,
  removeStatements,
  type Names,
} from '../access/statements.ts'
import type { Settings } from '../settings.ts'

export interface GithubProps extends StackProps {
  readonly settings: Settings
  readonly bucketName: string
  readonly endpointRoleArn: string
}

/** CDK's own roles, by the names that its bootstrap gives them: what changes the stacks is theirs. */
const cdkStatement = (): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'ChangeStacks',
    actions: ['sts:AssumeRole'],
    resources: ['deploy', 'file-publishing', 'lookup'].map(
      (what) =>
        `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/cdk-hnb659fds-${what}-role-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
    ),
  })

const ISSUER = 'token.actions.githubusercontent.com'

/** What the repository's workflows run as: a token of GitHub's for one environment, no key kept anywhere. */
export class GithubStack extends Stack {
  constructor(scope: Construct, id: string, props: GithubProps) {
    super(scope, id, props)
    const provider = new iam.CfnOIDCProvider(this, 'Github', {
      url: `https://${ISSUER}`,
      clientIdList: ['sts.amazonaws.com'],
    })
    const names: Names = { bucket: props.bucketName, settings: props.settings }
    for (const environment of ['staging', 'production']) {
      const role = new iam.Role(this, `Workflows-${environment}`, {
        roleName: `bikeshare-workflows-${environment}`,
        description: `Workflows of ${props.settings.github_repository} in the environment ${environment}.`,
        assumedBy: new iam.FederatedPrincipal(
          provider.attrArn,
          {
            StringEquals: {
              [`${ISSUER}:aud`]: 'sts.amazonaws.com',
              [`${ISSUER}:sub`]: `repo:${props.settings.github_repository}:environment:${environment}`,
            },
          },
          'sts:AssumeRoleWithWebIdentity',
        ),
      })
      for (const statement of [
        ...lakeStatements(props.bucketName, WORKFLOW_ACCESS),
        ...queryStatements(names),
        ...metricStatements(names, false),
        ...alarmStatements(names, true),
        ...deployStatements(names, props.endpointRoleArn),
        listStatement(),
        ...packageStatements(names),
        ...removeStatements(),
        cdkStatement(),
      ])
        role.addToPolicy(statement)
      new CfnOutput(this, `Role-${environment}`, {
        value: role.roleArn,
        description: `AWS_ROLE_ARN of the environment ${environment}`,
      })
    }
  }
}

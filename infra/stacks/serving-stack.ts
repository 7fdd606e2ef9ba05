import { type aws_ecr as ecr, aws_iam as iam, Aws, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ENDPOINT_ACCESS, TRAINING_ACCESS } from '../access/prefixes.ts'
import { arn, lakeStatements } from '../access/statements.ts'

export interface ServingProps extends StackProps {
  readonly bucketName: string
  readonly repository: ecr.IRepository
}

/**
 * What endpoints and training jobs run as. The endpoints themselves are made by `bikeshare endpoints deploy` and changed by
 * promotions and rollbacks: a stack that named their endpoint config would take a release back with its next deployment.
 */
export class ServingStack extends Stack {
  readonly endpointRoleArn: string
  readonly trainingRoleArn: string

  constructor(scope: Construct, id: string, props: ServingProps) {
    super(scope, id, props)
    this.endpointRoleArn = this.#role(
      'Endpoints',
      'A model behind an endpoint: reads models, writes what was captured.',
      [...lakeStatements(props.bucketName, ENDPOINT_ACCESS), pullStatement(props.repository)],
    )
    this.trainingRoleArn = this.#role('Training', 'A training job: its data in, its model out.', [
      ...lakeStatements(props.bucketName, TRAINING_ACCESS),
      pullStatement(props.repository),
    ])
  }

  #role(id: string, description: string, statements: readonly iam.PolicyStatement[]): string {
    const role = new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description,
    })
    for (const statement of statements) role.addToPolicy(statement)
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'PutMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*'] } },
      }),
    )
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteLog',
        actions: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:PutLogEvents',
          'logs:DescribeLogStreams',
        ],
        resources: [arn('logs', 'log-group:/aws/sagemaker/*')],
      }),
    )
    role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }))
    return role.roleArn
  }
}

/** Our own image; the built-in ones are open to every account's roles by AWS's own repository policy. */
const pullStatement = (repository: ecr.IRepository): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'PullImage',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [repository.repositoryArn],
  })

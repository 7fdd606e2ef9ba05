import {
  aws_ec2 as ec2,
  type aws_ecr as ecr,
  aws_ecs as ecs,
  aws_iam as iam,
  aws_logs as logs,
  aws_scheduler as scheduler,
  Aws,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { PARTS, scheduleName, type Part } from '../../src/operations/scheduler/parts.ts'
import { PART_ACCESS } from '../access/prefixes.ts'
import {
  alarmStatements,
  arn,
  deployStatements,
  invokeStatements,
  lakeStatements,
  listStatement,
  lookStatements,
  metricStatements,
  packageStatements,
  passRole,
  queryStatements,
  silenceStatements,
  trainStatements,
  type Names,
} from '../access/statements.ts'
import type { Settings } from '../settings.ts'
import { TASK_SIZES } from './task-sizes.ts'

export interface JobsProps extends StackProps {
  readonly settings: Settings
  readonly bucketName: string
  readonly repository: ecr.IRepository
  readonly topicArn: string
  readonly endpointRoleArn: string
  readonly trainingRoleArn: string
}

/**
 * The jobs of the cities: every part of the job table is a Fargate task with a role of its own. A part with a schedule is
 * started by EventBridge Scheduler, does what is due and ends; ingest stays.
 */
export class JobsStack extends Stack {
  readonly cluster: ecs.Cluster
  readonly vpc: ec2.Vpc
  readonly securityGroup: ec2.SecurityGroup

  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id, props)
    // Tasks call out and nobody calls them: public subnets without a NAT gateway, which would cost more than all tasks.
    this.vpc = new ec2.Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }],
      gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    })
    this.securityGroup = new ec2.SecurityGroup(this, 'Outwards', {
      vpc: this.vpc,
      description: 'Tasks of bikeshare: outwards by HTTPS alone, nothing inwards.',
      allowAllOutbound: false,
    })
    this.securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'feeds and AWS')
    this.cluster = new ecs.Cluster(this, 'Cluster', { vpc: this.vpc, clusterName: 'bikeshare' })
    const pull = pullRole(this, props.repository)
    const starter = new iam.Role(this, 'Starter', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Starts the scheduled tasks, and nothing else.',
    })
    for (const part of PARTS) this.#addPart(part, props, pull, starter)
  }

  #addPart(part: Part, props: JobsProps, pull: iam.Role, starter: iam.Role): void {
    const role = new iam.Role(this, `Role-${part.name}`, {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: part.what,
    })
    for (const statement of partStatements(part, props)) role.addToPolicy(statement)
    const size = TASK_SIZES[part.name]
    if (!size) throw new Error(`task-sizes.ts does not know the part ${part.name}`)
    const task = new ecs.FargateTaskDefinition(this, `Task-${part.name}`, {
      family: `bikeshare-${part.name}`,
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMiB,
      taskRole: role,
      executionRole: pull,
    })
    const log = new logs.LogGroup(this, `Log-${part.name}`, {
      logGroupName: `/bikeshare/${part.name}`,
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    addContainer(task, { ...props, log, command: commandOf(part, props.settings) })
    const name = `bikeshare-${part.name}`
    if (part.schedule === null) {
      new ecs.FargateService(this, `Service-${part.name}`, {
        cluster: this.cluster,
        serviceName: name,
        taskDefinition: task,
        desiredCount: 1,
        // Never two of them: the second would wait for the lease.
        minHealthyPercent: 0,
        maxHealthyPercent: 100,
        assignPublicIp: true,
        securityGroups: [this.securityGroup],
        circuitBreaker: { rollback: true },
      })
      return
    }
    starter.addToPolicy(
      new iam.PolicyStatement({
        sid: `Run${part.name}`,
        actions: ['ecs:RunTask'],
        resources: [arn('ecs', `task-definition/${name}:*`)],
        conditions: { ArnEquals: { 'ecs:cluster': this.cluster.clusterArn } },
      }),
    )
    starter.addToPolicy(passRole(`Pass${part.name}`, role.roleArn, 'ecs-tasks.amazonaws.com'))
    starter.addToPolicy(passRole(`PassPull${part.name}`, pull.roleArn, 'ecs-tasks.amazonaws.com'))
    new scheduler.CfnSchedule(this, `Schedule-${part.name}`, {
      name: scheduleName(part),
      description: part.what,
      scheduleExpression: part.schedule,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.cluster.clusterArn,
        roleArn: starter.roleArn,
        // What is due is found out by the task itself: a start that was missed is made up by the next.
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 300 },
        ecsParameters: {
          taskDefinitionArn: arn('ecs', `task-definition/${name}`),
          launchType: 'FARGATE',
          taskCount: 1,
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: this.vpc.publicSubnets.map(({ subnetId }) => subnetId),
              securityGroups: [this.securityGroup.securityGroupId],
              assignPublicIp: 'ENABLED',
            },
          },
        },
      },
    })
  }
}

/** What a part's role may do. */
function partStatements(part: Part, props: JobsProps): iam.PolicyStatement[] {
  const access = PART_ACCESS[part.name]
  if (!access) throw new Error(`access/prefixes.ts does not know the part ${part.name}`)
  const names: Names = { bucket: props.bucketName, settings: props.settings }
  const common = [...lakeStatements(props.bucketName, access), ...queryStatements(names)]
  switch (part.name) {
    case 'ingest':
      return [...common, ...metricStatements(names, true)]
    case 'batch':
      return [
        ...common,
        ...metricStatements(names, true),
        ...invokeStatements(names),
        ...alarmStatements(names, true),
        ...silenceStatements(names),
      ]
    case 'release':
      return [
        ...common,
        ...metricStatements(names, false),
        ...deployStatements(names, props.endpointRoleArn),
        listStatement(),
        ...packageStatements(names),
        ...alarmStatements(names, false),
      ]
    case 'daily':
      return [
        ...common,
        ...metricStatements(names, false),
        ...lookStatements(names),
        ...alarmStatements(names, false),
      ]
    case 'retrain':
      return [
        ...common,
        ...metricStatements(names, false),
        ...trainStatements(props.trainingRoleArn),
        ...packageStatements(names),
        ...deployStatements(names, props.endpointRoleArn),
      ]
    default:
      throw new Error(`no access is written down for the part ${part.name}`)
  }
}

const commandOf = (part: Part, { cities }: Settings): string[] => [
  'run',
  '--city',
  cities.map(({ name }) => name).join(','),
  '--part',
  part.name,
  ...(part.schedule === null ? ['--wait', '--host', '127.0.0.1'] : ['--once']),
]

/** The program's container in a task: read-only but for /tmp, without privileges. */
export function addContainer(
  task: ecs.FargateTaskDefinition,
  o: {
    readonly settings: Settings
    readonly bucketName: string
    readonly repository: ecr.IRepository
    readonly endpointRoleArn: string
    readonly trainingRoleArn: string
    readonly topicArn: string
    readonly log: logs.ILogGroup
    readonly command: string[]
    readonly port?: number
    readonly environment?: Readonly<Record<string, string>>
  },
): void {
  const { config } = o.settings
  const container = task.addContainer('bikeshare', {
    image: ecs.ContainerImage.fromEcrRepository(o.repository, o.settings.image_tag),
    command: o.command,
    readonlyRootFilesystem: true,
    logging: ecs.LogDrivers.awsLogs({ logGroup: o.log, streamPrefix: 'task' }),
    environment: {
      BIKESHARE_PLATFORM: 'aws',
      BIKESHARE_REGION: Aws.REGION,
      BIKESHARE_DB: config.db,
      BIKESHARE_WORKGROUP: config.workgroup,
      BIKESHARE_ATHENA_OUTPUT: `s3://${o.bucketName}/athena_results/`,
      BIKESHARE_AWS__BUCKET: o.bucketName,
      BIKESHARE_AWS__ACCOUNT_ID: Aws.ACCOUNT_ID,
      BIKESHARE_AWS__FIRST_CITY: o.settings.cities[0]?.name ?? '',
      BIKESHARE_AWS__ENDPOINT_ROLE_ARN: o.endpointRoleArn,
      BIKESHARE_AWS__TRAINING_ROLE_ARN: o.trainingRoleArn,
      BIKESHARE_AWS__ALARM_TOPIC_ARN: o.topicArn,
      ...o.environment,
    },
    ...(o.port !== undefined && { portMappings: [{ containerPort: o.port }] }),
  })
  task.addVolume({ name: 'tmp' })
  container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false })
}

/** Pulls the image and writes the log: what Fargate itself does for a task. */
export function pullRole(scope: Construct, repository: ecr.IRepository): iam.Role {
  const role = new iam.Role(scope, 'Pull', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    description: 'Pulls the image of a task and writes its log.',
  })
  role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }))
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repository.repositoryArn],
    }),
  )
  return role
}

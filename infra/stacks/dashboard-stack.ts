import {
  aws_ec2 as ec2,
  type aws_ecr as ecr,
  aws_ecs as ecs,
  aws_elasticloadbalancingv2 as elb,
  aws_iam as iam,
  aws_logs as logs,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { DASHBOARD_ACCESS } from '../access/prefixes.ts'
import {
  alarmStatements,
  lookStatements,
  lakeStatements,
  metricStatements,
  queryStatements,
} from '../access/statements.ts'
import type { Settings } from '../settings.ts'
import { addContainer, pullRole } from './jobs-stack.ts'
import { TASK_SIZES } from './task-sizes.ts'

export interface DashboardProps extends StackProps {
  readonly settings: Settings
  readonly bucketName: string
  readonly repository: ecr.IRepository
  readonly cluster: ecs.ICluster
  readonly vpc: ec2.IVpc
  readonly topicArn: string
  readonly endpointRoleArn: string
  readonly trainingRoleArn: string
}

const PORT = 18_081

/**
 * The dashboard in its public mode behind a load balancer, by HTTPS alone. It costs as long as it stands: about 17 USD a month
 * for the load balancer and 20 for the task; docs/cost.md has the lines.
 */
export class DashboardStack extends Stack {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id, props)
    const { settings, vpc, bucketName } = props
    const names = { bucket: bucketName, settings }
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'The public dashboard: reads, and changes nothing.',
    })
    for (const statement of [
      ...lakeStatements(bucketName, DASHBOARD_ACCESS),
      ...queryStatements(names),
      ...metricStatements(names, false),
      ...alarmStatements(names, false),
      ...lookStatements(names),
    ])
      role.addToPolicy(statement)
    const size = TASK_SIZES['dashboard'] ?? { cpu: 512, memoryMiB: 2048 }
    const task = new ecs.FargateTaskDefinition(this, 'Task', {
      family: 'bikeshare-dashboard',
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMiB,
      taskRole: role,
      executionRole: pullRole(this, props.repository),
    })
    const log = new logs.LogGroup(this, 'Log', {
      logGroupName: '/bikeshare/dashboard',
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const cities = settings.cities.map(({ name }) => name).join(',')
    addContainer(task, {
      ...props,
      log,
      port: PORT,
      // The load balancer says who asks.
      environment: { BIKESHARE_DASHBOARD__TRUST_PROXY: 'true' },
      command: ['dashboard', '--public', '--city', cities, '--host', '0.0.0.0', '--port', String(PORT)],
    })
    const front = new ec2.SecurityGroup(this, 'Front', {
      vpc,
      description: 'HTTPS from anywhere',
      allowAllOutbound: false,
    })
    front.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'readers')
    const back = new ec2.SecurityGroup(this, 'Back', {
      vpc,
      description: 'from the load balancer',
      allowAllOutbound: false,
    })
    back.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS')
    back.addIngressRule(front, ec2.Port.tcp(PORT), 'the load balancer')
    front.addEgressRule(back, ec2.Port.tcp(PORT), 'the task')
    const balancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: true,
      securityGroup: front,
      dropInvalidHeaderFields: true,
    })
    const listener = balancer.addListener('Https', {
      port: 443,
      open: false,
      certificates: [elb.ListenerCertificate.fromArn(settings.certificate_arn)],
      sslPolicy: elb.SslPolicy.TLS13_RES,
    })
    const service = new ecs.FargateService(this, 'Service', {
      cluster: props.cluster,
      serviceName: 'bikeshare-dashboard',
      taskDefinition: task,
      desiredCount: 1,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      assignPublicIp: true,
      securityGroups: [back],
      circuitBreaker: { rollback: true },
    })
    listener.addTargets('Dashboard', {
      port: PORT,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [service],
      healthCheck: { path: '/healthz', interval: Duration.seconds(30) },
      deregistrationDelay: Duration.seconds(15),
    })
    new CfnOutput(this, 'Url', { value: `https://${balancer.loadBalancerDnsName}` })
  }
}

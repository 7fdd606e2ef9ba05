import { Aws, aws_iam as iam } from 'aws-cdk-lib'
import type { Settings } from '../settings.ts'
import type { LakeAccess } from './prefixes.ts'

/** Amazon Resource Names of what several stacks name. */
export interface Names {
  readonly bucket: string
  readonly topicArn: string
  readonly settings: Settings
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` */
export const arn = (service: string, rest: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`
const object = (bucket: string, prefix: string): string =>
  `arn:${Aws.PARTITION}:s3:::${bucket}/*/${prefix}${prefix.endsWith('/') ? '*' : ''}`
const allow = (
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: object,
): iam.PolicyStatement =>
  new iam.PolicyStatement({ sid, actions, resources, ...(conditions && { conditions }) })

/** Objects below the prefixes in the lake of any city (`CITY/PREFIX…`), and listing these prefixes. */
export function lakeStatements(
  bucket: string,
  { reads, writes, deletes = [] }: LakeAccess,
): iam.PolicyStatement[] {
  const listed = [...new Set([...reads, ...writes, ...deletes])].filter((prefix) => prefix.endsWith('/'))
  const objects = (prefixes: readonly string[]): string[] => prefixes.map((prefix) => object(bucket, prefix))
  return [
    allow('ListLake', ['s3:ListBucket'], [`arn:${Aws.PARTITION}:s3:::${bucket}`], {
      StringLike: { 's3:prefix': listed.map((prefix) => `*/${prefix}*`) },
    }),
    allow('ReadLake', ['s3:GetObject'], objects(reads)),
    allow('WriteLake', ['s3:PutObject', 's3:AbortMultipartUpload'], objects(writes)),
    ...(deletes.length === 0 ? [] : [allow('DeleteFromLake', ['s3:DeleteObject'], objects(deletes))]),
  ]
}

/** Statements in the workgroup, over the lake's tables and views. */
export function queryStatements({
  bucket,
  settings,
}: Pick<Names, 'bucket' | 'settings'>): iam.PolicyStatement[] {
  const { workgroup } = settings.config
  return [
    allow(
      'QueryLake',
      [
        'athena:StartQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:StopQueryExecution',
      ],
      [arn('athena', `workgroup/${workgroup}`)],
    ),
    allow(
      'ReadCatalog',
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
      [
        arn('glue', 'catalog'),
        ...settings.cities.flatMap(({ database }) => [
          arn('glue', `database/${database}`),
          arn('glue', `table/${database}/*`),
        ]),
      ],
    ),
    allow('ResultsLocation', ['s3:GetBucketLocation'], [`arn:${Aws.PARTITION}:s3:::${bucket}`]),
  ]
}

/** Putting and reading metrics; our own namespace alone may be written. */
export function metricStatements(
  { settings }: Pick<Names, 'settings'>,
  writes: boolean,
): iam.PolicyStatement[] {
  return [
    allow('ReadMetrics', ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], ['*']),
    ...(writes
      ? [
          allow('PutMetrics', ['cloudwatch:PutMetricData'], ['*'], {
            StringEquals: { 'cloudwatch:namespace': settings.config.cw_custom_ns },
          }),
        ]
      : []),
  ]
}

/** Looking at alarms, and (with `changes`) keeping them as the table says. */
export function alarmStatements({ settings, topicArn }: Names, changes: boolean): iam.PolicyStatement[] {
  const alarms = settings.cities.map(({ prefix }) => arn('cloudwatch', `alarm:${alarmHead(prefix)}-*`))
  const read = [
    allow(
      'ReadAlarms',
      ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory'],
      [arn('cloudwatch', 'alarm:*')],
    ),
  ]
  if (!changes) return read
  return [
    ...read,
    allow(
      'KeepAlarms',
      ['cloudwatch:PutMetricAlarm', 'cloudwatch:PutCompositeAlarm', 'cloudwatch:DeleteAlarms'],
      alarms,
    ),
    allow('KeepBands', ['cloudwatch:PutAnomalyDetector', 'cloudwatch:DeleteAnomalyDetector'], ['*']),
    allow('TellAlarms', ['sns:Publish'], [topicArn]),
  ]
}

/** An endpoint's alarms are named without a leading `bikeshare-`: `prod-endpoint-5xx-crit`, `CITY-prod-…`. */
const alarmHead = (prefix: string): string => `${prefix}-prod`.replace(/^bikeshare-/, '')

/** The city's endpoints. */
const endpoints = ({ settings }: Pick<Names, 'settings'>): string[] =>
  settings.cities.flatMap(({ prefix }) =>
    ['staging', 'prod', 'staging-docks', 'prod-docks'].map((name) =>
      arn('sagemaker', `endpoint/${prefix}-${name}`),
    ),
  )

/** Asking the endpoints. */
export function invokeStatements(names: Pick<Names, 'settings'>): iam.PolicyStatement[] {
  return [
    allow('InvokeEndpoints', ['sagemaker:InvokeEndpoint', 'sagemaker:DescribeEndpoint'], endpoints(names)),
    allow('ListEndpoints', ['sagemaker:ListEndpoints'], ['*']),
  ]
}

/** Changing what the endpoints serve. Models and endpoint configs are named by endpoint and version. */
export function deployStatements(
  names: Pick<Names, 'settings'>,
  executionRoleArn: string,
): iam.PolicyStatement[] {
  return [
    ...invokeStatements(names),
    allow(
      'ChangeEndpoints',
      [
        'sagemaker:CreateEndpoint',
        'sagemaker:UpdateEndpoint',
        'sagemaker:UpdateEndpointWeightsAndCapacities',
        'sagemaker:DeleteEndpoint',
      ],
      [...endpoints(names), arn('sagemaker', 'endpoint-config/bikeshare-*')],
    ),
    allow(
      'PrepareEndpoints',
      [
        'sagemaker:CreateModel',
        'sagemaker:DescribeModel',
        'sagemaker:DeleteModel',
        'sagemaker:CreateEndpointConfig',
        'sagemaker:DescribeEndpointConfig',
        'sagemaker:DeleteEndpointConfig',
      ],
      [arn('sagemaker', 'model/*'), arn('sagemaker', 'endpoint-config/bikeshare-*')],
    ),
    passRole('PassEndpointRole', executionRoleArn, 'sagemaker.amazonaws.com'),
  ]
}

/** Training by SageMaker. */
export function trainStatements(trainingRoleArn: string): iam.PolicyStatement[] {
  return [
    allow(
      'Train',
      ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'],
      [arn('sagemaker', 'training-job/bikeshare-*')],
    ),
    passRole('PassTrainingRole', trainingRoleArn, 'sagemaker.amazonaws.com'),
  ]
}

/** Handing one role to one service. */
export function passRole(sid: string, roleArn: string, service: string): iam.PolicyStatement {
  return allow(sid, ['iam:PassRole'], [roleArn], { StringEquals: { 'iam:PassedToService': service } })
}

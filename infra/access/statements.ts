import { Aws, aws_iam as iam } from 'aws-cdk-lib'
import { TARGETS } from '../../src/core/contracts/features.ts'
import { packageGroupName } from '../../src/core/names.ts'
import { modelGroup } from '../../src/model/registry/registry.ts'
import type { Settings } from '../settings.ts'
import type { LakeAccess } from './prefixes.ts'

/** Amazon Resource Names of what several stacks name. */
export interface Names {
  readonly bucket: string
  readonly settings: Settings
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` */
export const arn = (service: string, rest: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`
/** Where Athena's results go: beside the lakes, since all cities have one workgroup. */
const RESULTS = 'athena_results/'
const inBucket = (prefix: string): string => (prefix === RESULTS ? prefix : `*/${prefix}`)
/** `bikeshare clean` looks for results in every lake as well, since a lake in a folder has its own. */
const listable = (prefix: string): string[] => [`${inBucket(prefix)}*`, `*/${prefix}*`]
const object = (bucket: string, prefix: string): string =>
  `arn:${Aws.PARTITION}:s3:::${bucket}/${inBucket(prefix)}${prefix.endsWith('/') ? '*' : ''}`
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
  { reads, writes, deletes = [], lists = [] }: LakeAccess,
): iam.PolicyStatement[] {
  const listed = [...new Set([...reads, ...writes, ...deletes, ...lists])].filter((prefix) =>
    prefix.endsWith('/'),
  )
  const objects = (prefixes: readonly string[]): string[] => prefixes.map((prefix) => object(bucket, prefix))
  return [
    allow('ListLake', ['s3:ListBucket'], [`arn:${Aws.PARTITION}:s3:::${bucket}`], {
      // IfExists: S3 says that a key is missing, rather than that it may not be read, to whoever may list without a prefix.
      StringLikeIfExists: { 's3:prefix': [...new Set(listed.flatMap(listable))] },
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
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
      [
        arn('glue', 'catalog'),
        ...settings.cities.flatMap(({ database }) => [
          arn('glue', `database/${database}`),
          arn('glue', `table/${database}/*`),
        ]),
      ],
    ),
    // Athena asks for the account's default database, whichever the statement is about.
    allow('DefaultCatalog', ['glue:GetDatabase'], [arn('glue', 'catalog'), arn('glue', 'database/default')]),
    // Athena does these in the caller's name when it writes a result.
    allow(
      'ResultsLocation',
      ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      [`arn:${Aws.PARTITION}:s3:::${bucket}`],
    ),
    allow('WriteResults', ['s3:ListMultipartUploadParts'], [object(bucket, RESULTS)]),
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
export function alarmStatements(
  { settings }: Pick<Names, 'settings'>,
  changes: boolean,
): iam.PolicyStatement[] {
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
      alarmsOf(settings),
    ),
    allow('KeepBands', ['cloudwatch:PutAnomalyDetector', 'cloudwatch:DeleteAnomalyDetector'], ['*']),
  ]
}

/** Having alarms take no actions while a silence of theirs holds. */
export function silenceStatements({ settings }: Pick<Names, 'settings'>): iam.PolicyStatement[] {
  return [
    allow(
      'HeedSilences',
      ['cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions'],
      alarmsOf(settings),
    ),
  ]
}

const alarmsOf = ({ cities }: Settings): string[] =>
  cities.map(({ prefix }) => arn('cloudwatch', `alarm:${alarmHead(prefix)}-*`))

/** An endpoint's alarms are named without a leading `bikeshare-`: `prod-endpoint-5xx-crit`, `CITY-prod-…`. */
const alarmHead = (prefix: string): string => `${prefix}-prod`.replace(/^bikeshare-/, '')

/** The city's endpoints. */
const endpoints = ({ settings }: Pick<Names, 'settings'>): string[] =>
  settings.cities.flatMap(({ prefix }) =>
    ['staging', 'prod', 'staging-docks', 'prod-docks'].map((name) =>
      arn('sagemaker', `endpoint/${prefix}-${name}`),
    ),
  )

const describeStatement = (names: Pick<Names, 'settings'>): iam.PolicyStatement =>
  allow('DescribeEndpoints', ['sagemaker:DescribeEndpoint'], endpoints(names))

/** Finding the endpoints that there are. */
export const listStatement = (): iam.PolicyStatement =>
  allow('ListEndpoints', ['sagemaker:ListEndpoints'], ['*'])

/** Looking at all endpoints. */
export function lookStatements(names: Pick<Names, 'settings'>): iam.PolicyStatement[] {
  return [describeStatement(names), listStatement()]
}

/** Asking the endpoints. */
export function invokeStatements(names: Pick<Names, 'settings'>): iam.PolicyStatement[] {
  return [...lookStatements(names), allow('InvokeEndpoints', ['sagemaker:InvokeEndpoint'], endpoints(names))]
}

/** Changing what the endpoints serve. Models and endpoint configs are named by endpoint and version. */
export function deployStatements(
  names: Pick<Names, 'settings'>,
  executionRoleArn: string,
): iam.PolicyStatement[] {
  const configs = arn('sagemaker', 'endpoint-config/bikeshare-*')
  return [
    describeStatement(names),
    allow(
      'ChangeEndpoints',
      ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'],
      [...endpoints(names), configs],
    ),
    allow(
      'ScaleEndpoints',
      ['sagemaker:UpdateEndpointWeightsAndCapacities', 'sagemaker:DeleteEndpoint'],
      endpoints(names),
    ),
    allow(
      'PrepareModels',
      ['sagemaker:CreateModel', 'sagemaker:DescribeModel'],
      [arn('sagemaker', 'model/*')],
    ),
    allow(
      'PrepareConfigs',
      ['sagemaker:CreateEndpointConfig', 'sagemaker:DescribeEndpointConfig'],
      [configs],
    ),
    // What is made with tags needs it beside the creation.
    allow('TagEndpoints', ['sagemaker:AddTags'], [...endpoints(names), arn('sagemaker', 'model/*'), configs]),
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
    allow('TagTraining', ['sagemaker:AddTags'], [arn('sagemaker', 'training-job/bikeshare-*')]),
    passRole('PassTrainingRole', trainingRoleArn, 'sagemaker.amazonaws.com'),
  ]
}

/** Showing the versions of the lake's registry in SageMaker's. */
export function packageStatements({ settings }: Pick<Names, 'settings'>): iam.PolicyStatement[] {
  const groups = settings.cities.flatMap(({ name }) =>
    TARGETS.map((target) => packageGroupName(modelGroup(name, target))),
  )
  return [
    allow(
      'MakePackageGroups',
      ['sagemaker:CreateModelPackageGroup'],
      groups.map((group) => arn('sagemaker', `model-package-group/${group}`)),
    ),
    allow(
      'KeepPackages',
      ['sagemaker:ListModelPackages', 'sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'],
      groups.map((group) => arn('sagemaker', `model-package/${group}/*`)),
    ),
  ]
}

/** Handing one role to one service. */
export function passRole(sid: string, roleArn: string, service: string): iam.PolicyStatement {
  return allow(sid, ['iam:PassRole'], [roleArn], { StringEquals: { 'iam:PassedToService': service } })
}

/** Removing an endpoint for good, with its config. */
export function removeStatements(): iam.PolicyStatement[] {
  return [
    allow(
      'RemoveConfigs',
      ['sagemaker:DeleteEndpointConfig'],
      [arn('sagemaker', 'endpoint-config/bikeshare-*')],
    ),
  ]
}

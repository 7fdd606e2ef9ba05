import type { RecordedCall } from './recorder.ts'

/** What a role needs for the calls that were recorded: an IAM action, and what it was about. */
export interface NeededAction {
  readonly job: string
  /** `sagemaker:CreateModel` */
  readonly action: string
  /** `model/NAME`, `bucket/KEY`, `*` where the action is about nothing that has a name. */
  readonly resource: string
}

/** Services whose actions IAM names by another prefix. */
const PREFIX: Readonly<Record<string, string>> = { 'sagemaker-runtime': 'sagemaker' }

/** Calls of S3 whose actions IAM names otherwise. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  ListObjectsV2: 'ListBucket',
  HeadBucket: 'ListBucket',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteObjects: 'DeleteObject',
}

/** Parameters that name what a call is about, the first that is there, and the kind of resource. */
const RESOURCES: readonly (readonly [param: string, kind: string])[] = [
  ['ModelName', 'model'],
  ['EndpointName', 'endpoint'],
  ['EndpointConfigName', 'endpoint-config'],
  ['TrainingJobName', 'training-job'],
  ['ModelPackageName', 'model-package'],
  ['ModelPackageGroupName', 'model-package-group'],
  ['AlarmName', 'alarm'],
  ['DashboardName', 'dashboard'],
  ['Namespace', 'namespace'],
  ['TopicArn', 'topic'],
  ['WorkGroup', 'workgroup'],
]

/** The distinct actions of recorded calls, by job; an action that a creation with tags also needs is among them. */
export function neededActions(calls: readonly RecordedCall[]): NeededAction[] {
  const found = new Map<string, NeededAction>()
  for (const call of calls) for (const needed of actionsOf(call)) found.set(JSON.stringify(needed), needed)
  return [...found.values()].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function actionsOf({ service, operation, params, job }: RecordedCall): NeededAction[] {
  const given = params as Readonly<Record<string, unknown>>
  const prefix = PREFIX[service] ?? service
  const name = service === 's3' ? (S3_ACTIONS[operation] ?? operation) : operation
  const needed = (action: string, resource: string): NeededAction => ({ job, action, resource })
  const actions = [needed(`${prefix}:${name}`, resourceOf(service, name, given))]
  if (service === 'sagemaker' && Array.isArray(given['Tags']) && given['Tags'].length > 0)
    actions.push(needed('sagemaker:AddTags', resourceOf(service, operation, given)))
  const role = given['ExecutionRoleArn'] ?? given['RoleArn']
  if (typeof role === 'string') actions.push(needed('iam:PassRole', role))
  return actions
}

function resourceOf(service: string, action: string, given: Readonly<Record<string, unknown>>): string {
  if (service === 's3') {
    const { Bucket: bucket, Key: key } = given
    if (typeof bucket !== 'string') return '*'
    return action === 'ListBucket' || typeof key !== 'string' ? bucket : `${bucket}/${key}`
  }
  for (const [param, kind] of RESOURCES) {
    const value = given[param]
    if (typeof value === 'string') return `${kind}/${value}`
  }
  return '*'
}

import type { RecordedCall } from '../../test/aws/servers/recorder.ts'
import { neededActions } from '../../test/aws/servers/recorded-actions.ts'
import type { Request } from './policy.ts'

/** What the ARNs of a run are made with. */
export interface Place {
  readonly region: string
  readonly account: string
  readonly workgroup: string
  readonly database: string
  /** Buckets of the run, and the bucket that they stand for. */
  readonly bucket: string
  /** City that the run's stands for. */
  readonly city: string
  /** Prefix of the lake in it. */
  readonly prefix: string
  /** Folders of the lake that its tables are in. */
  readonly tableFolders: readonly string[]
}

/** Errors of S3 by which it says that a key is not there. */
const ABSENT = new Set(['NoSuchKey', 'NotFound'])
/** Of SageMaker; IAM asks for the endpoint config as well as for the endpoint. */
const WITH_CONFIG = new Set(['CreateEndpoint', 'UpdateEndpoint'])

/** The distinct requests that IAM decides on for a recorded call, with those that a service makes in the caller's name. */
export function requestsOf(call: RecordedCall, place: Place): Request[] {
  const given = call.params as Readonly<Record<string, unknown>>
  const arn = (service: string, rest: string): string =>
    `arn:aws:${service}:${place.region}:${place.account}:${rest}`
  const text = (key: string): string => (typeof given[key] === 'string' ? given[key] : '')
  const about = (action: string, resource: string, context: Request['context'] = {}): Request => ({
    action,
    resource,
    context,
  })
  const bucket = `arn:aws:s3:::${place.bucket}`
  switch (call.service) {
    case 's3': {
      const [needed] = neededActions([call])
      const action = needed?.action ?? ''
      if (action === 's3:ListBucket') return [about(action, bucket, { 's3:prefix': text('Prefix') })]
      // Whether a key that is not there may be known to be missing is decided by ListBucket, without a prefix.
      const absent = ABSENT.has(call.error ?? '') ? [about('s3:ListBucket', bucket)] : []
      return [about(action, `${bucket}/${text('Key')}`), ...absent]
    }
    case 'glue':
      return [
        arn('glue', 'catalog'),
        arn('glue', `database/${text('DatabaseName')}`),
        arn('glue', `table/${text('DatabaseName')}/${text('Name')}`),
      ].map((resource) => about(`glue:${call.operation}`, resource))
    case 'athena': {
      const own = about(`athena:${call.operation}`, arn('athena', `workgroup/${place.workgroup}`))
      return call.operation === 'StartQueryExecution' ? [own, ...ofQuery(call, place)] : [own]
    }
    case 'sagemaker':
    case 'sagemaker-runtime': {
      const packaged = ofPackages(call, place)
      if (packaged) return [packaged]
      const requests = neededActions([call]).map(({ action, resource }) =>
        action === 'iam:PassRole'
          ? about(action, resource, { 'iam:PassedToService': 'sagemaker.amazonaws.com' })
          : about(action, resource === '*' ? '*' : arn('sagemaker', resource.toLowerCase())),
      )
      const config = WITH_CONFIG.has(call.operation)
        ? [
            about(
              `sagemaker:${call.operation}`,
              arn('sagemaker', `endpoint-config/${text('EndpointConfigName').toLowerCase()}`),
            ),
          ]
        : []
      return [...requests, ...config]
    }
    case 'cloudwatch': {
      const action = `cloudwatch:${call.operation}`
      if (call.operation === 'PutMetricData')
        return [about(action, '*', { 'cloudwatch:namespace': text('Namespace') })]
      if (call.operation.startsWith('DescribeAlarm')) return [about(action, arn('cloudwatch', 'alarm:*'))]
      const names = [given['AlarmName'], given['AlarmNames']]
        .flat()
        .filter((name) => typeof name === 'string')
      if (names.length === 0) return [about(action, '*')]
      return names.map((name) => about(action, arn('cloudwatch', `alarm:${name}`)))
    }
    default:
      throw new Error(`what ${call.service} ${call.operation} needs is not written down here`)
  }
}

/**
 * Model packages are of a city by their group. Calls about a version in it are about `model-package/GROUP/NUMBER`, whatever they
 * name it by.
 */
function ofPackages({ operation, params }: RecordedCall, place: Place): Request | undefined {
  if (!operation.includes('ModelPackage')) return undefined
  const { ModelPackageArn, ModelPackageGroupName } = params as Readonly<Record<string, string | undefined>>
  const given = ModelPackageGroupName ?? ModelPackageArn?.split('/')[1] ?? ''
  const group = given.replace(/^bikeshare-.+-(?=bikes$|docks$)/, `bikeshare-${place.city}-`)
  const rest =
    operation === 'CreateModelPackageGroup' ? `model-package-group/${group}` : `model-package/${group}/1`
  return {
    action: `sagemaker:${operation}`,
    resource: `arn:aws:sagemaker:${place.region}:${place.account}:${rest}`,
    context: {},
  }
}

/**
 * What Athena does in the caller's name for a statement: it reads the tables' descriptions and files, and writes the result
 * (Athena user guide, "Access to Amazon S3" and "Fine-grained access to Glue"; an UNLOAD writes where its text says).
 */
function ofQuery({ params }: RecordedCall, place: Place): Request[] {
  const given = params as {
    readonly QueryString: string
    readonly QueryExecutionContext?: { readonly Database?: string }
    readonly ResultConfiguration?: { readonly OutputLocation?: string }
  }
  const bucket = `arn:aws:s3:::${place.bucket}`
  const database = given.QueryExecutionContext?.Database ?? place.database
  const glue = (rest: string): string => `arn:aws:glue:${place.region}:${place.account}:${rest}`
  const request = (action: string, resource: string, context = {}): Request => ({ action, resource, context })
  const outputs = [
    given.ResultConfiguration?.OutputLocation,
    /\bTO 's3:\/\/([^']+)'/i.exec(given.QueryString)?.[0].slice(4, -1),
  ].flatMap((location) => /^s3:\/\/[^/]+\/(.*)$/.exec(location ?? '')?.[1] ?? [])
  return [
    ...['GetDatabase', 'GetTable', 'GetPartitions'].flatMap((operation) =>
      [
        'catalog',
        `database/${database}`,
        ...(operation === 'GetDatabase' ? [] : [`table/${database}/any`]),
      ].map((rest) => request(`glue:${operation}`, glue(rest))),
    ),
    request('glue:GetDatabase', glue('database/default')),
    request('s3:GetBucketLocation', bucket),
    request('s3:ListBucketMultipartUploads', bucket),
    ...place.tableFolders.flatMap((folder) => [
      request('s3:ListBucket', bucket, { 's3:prefix': `${place.prefix}${folder}/` }),
      request('s3:GetObject', `${bucket}/${place.prefix}${folder}/any.parquet`),
    ]),
    ...outputs.flatMap((folder) => [
      request('s3:ListBucket', bucket, { 's3:prefix': folder }),
      request('s3:GetObject', `${bucket}/${folder}any.csv`),
      request('s3:PutObject', `${bucket}/${folder}any.csv`),
      request('s3:AbortMultipartUpload', `${bucket}/${folder}any.csv`),
      request('s3:ListMultipartUploadParts', `${bucket}/${folder}any.csv`),
    ]),
  ]
}

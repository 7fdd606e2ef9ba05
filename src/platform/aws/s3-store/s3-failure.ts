import { OperatorError } from '../../../core/errors.ts'
import { failureOf, isDenied } from '../aws-error.ts'
import { type S3Location, uriOf } from '../s3-location.ts'

/** What S3 says of a bucket that is in another region than asked. */
const ELSEWHERE = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

interface S3Fault {
  readonly name: string
  readonly message: string
  readonly Region?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** A failure of a call of S3 about `key` (or a prefix) as the operator should see it. */
export function s3Failure(error: unknown, action: string, location: S3Location, key: string): unknown {
  if (error instanceof Error) {
    const fault = error as S3Fault
    const status = fault.$metadata?.httpStatusCode
    if (ELSEWHERE.has(fault.name) || status === 301)
      return new OperatorError(
        'CONFIG',
        `the bucket ${location.bucket} is not in this region (s3:${action}: ${fault.message})`,
        `Set region to the bucket's own${regionOf(fault)}.`,
        error,
      )
    if (fault.name === 'NoSuchBucket')
      return new OperatorError(
        'NOT_FOUND',
        `there is no bucket ${location.bucket} (s3:${action})`,
        'Check its name and the account, or deploy the stack that makes it.',
        error,
      )
  }
  const failure = failureOf(error, { action: `s3:${action}`, resource: uriOf(location, key) })
  // A bucket of another account is refused in the same words.
  if (isDenied(error) && failure instanceof OperatorError)
    return new OperatorError(
      failure.code,
      failure.message,
      `${failure.hint ?? ''} If ${location.bucket} is of another account, sign in there: \`aws sts get-caller-identity\` says where you are.`,
      error,
    )
  return failure
}

/** The region that S3 names in its answer, for a hint. */
function regionOf(fault: S3Fault): string {
  const named =
    (typeof fault.Region === 'string' ? fault.Region : undefined) ??
    fault.$response?.headers?.['x-amz-bucket-region'] ??
    /expecting '([a-z0-9-]+)'/.exec(fault.message)?.[1]
  return named === undefined ? '' : `: ${named}`
}

import { messageOf, OperatorError } from '../../core/errors.ts'

/** A call of AWS, as IAM names it: `sagemaker:CreateModel`, and what it was about. */
export interface AwsCall {
  readonly action: string
  /** A name, an ARN or an address; shown in errors. */
  readonly resource: string
}

/** What the SDK's errors have in common. */
interface AwsFault {
  readonly name: string
  readonly message: string
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** Credentials that are not there, or that AWS does not know. */
const NO_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ProviderError',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
])
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired'])
/** The clock of this machine is off, or somebody changed the request on its way. */
const SIGNATURE = new Set(['InvalidSignatureException', 'SignatureDoesNotMatch', 'RequestTimeTooSkewed'])
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
  'NotAuthorized',
])
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
])
const UNREACHABLE = new Set([
  'TimeoutError',
  'AbortError',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'UNKNOWN_ERROR',
])

/**
 * What any call of AWS may come to, as an error that an operator can act on: credentials that are missing (CONFIG) or have
 * expired, a clock that is off, an action that is not allowed (CONFIG; names action and resource), a quota, a service that does
 * not answer (UNAVAILABLE). Undefined for what is the call's own business.
 */
export function commonFailure(error: unknown, call: AwsCall): OperatorError | undefined {
  if (error instanceof OperatorError) return error
  if (!isFault(error)) return undefined
  const { action, resource } = call
  const about = `${action} on ${resource}`
  const status = error.$metadata?.httpStatusCode ?? 0
  const said = `${error.name}: ${messageOf(error)}`
  // A session that has ended is told by the provider of credentials, or by the service.
  if (EXPIRED.has(error.name) || (NO_CREDENTIALS.has(error.name) && /expired/i.test(error.message)))
    return new OperatorError(
      'UNAVAILABLE',
      `the AWS credentials have expired (${about}: ${said})`,
      'Log in again: `aws sso login`, or a new session of the role.',
      error,
    )
  if (NO_CREDENTIALS.has(error.name))
    return new OperatorError(
      'CONFIG',
      `AWS has no credentials that it knows for ${about}: ${said}`,
      'Log in (`aws sso login`) or set AWS_PROFILE; `aws sts get-caller-identity` says who you are.',
      error,
    )
  if (SIGNATURE.has(error.name))
    return new OperatorError(
      'UNAVAILABLE',
      `AWS does not take the signature of ${about}: ${said}`,
      'Set the clock of this machine: AWS refuses one that is off by more than 5 minutes.',
      error,
    )
  if (isDenied(error))
    return new OperatorError(
      'CONFIG',
      `AWS does not allow ${about}: ${said}`,
      `Allow ${action} on it in the policy of the role that this ran as, or take another role.`,
      error,
    )
  if (THROTTLED.has(error.name) || status === 429)
    return new OperatorError(
      'UNAVAILABLE',
      `AWS throttles ${about}, after all tries: ${said}`,
      'Try again later, or ask for a higher quota.',
      error,
    )
  if (isUnreachable(error, status))
    return new OperatorError(
      'UNAVAILABLE',
      `AWS does not answer ${about}: ${said}`,
      'Look at the network, the region and the AWS Health Dashboard, then try again.',
      error,
    )
  return undefined
}

/** True when who asked may not do what was asked, or not there. */
export function isDenied(error: unknown): boolean {
  if (
    !isFault(error) ||
    EXPIRED.has(error.name) ||
    NO_CREDENTIALS.has(error.name) ||
    SIGNATURE.has(error.name)
  )
    return false
  return DENIED.has(error.name) || error.$metadata?.httpStatusCode === 403
}

/** As `commonFailure`, and anything else as it was. */
export function failureOf(error: unknown, call: AwsCall): unknown {
  return commonFailure(error, call) ?? error
}

/** True for an error of the SDK with this name. */
export function isNamed(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name)
}

function isUnreachable(error: AwsFault, status: number): boolean {
  if (status >= 500 || UNREACHABLE.has(error.name)) return true
  return typeof error.code === 'string' && UNREACHABLE.has(error.code)
}

function isFault(error: unknown): error is AwsFault {
  return error instanceof Error
}

import { OperatorError } from '../../core/errors.ts'

/** A client of AWS SDK v3, as far as every one of them is alike. */
export interface AwsClient {
  readonly middlewareStack: unknown
  destroy(): void
}

/**
 * How a service of AWS is reached. There is no place for a key: the SDK's own chain finds credentials (environment, SSO,
 * profile, OIDC, the role of a task or an instance).
 */
export interface AwsAccess {
  readonly region: string
  /** Of ~/.aws/config; AWS_PROFILE without it. */
  readonly profile?: string
  /** Another address than AWS's own; without it AWS_ENDPOINT_URL_SERVICE, where that is set. */
  readonly endpoint?: string
  /** Tries of a call that may pass (throttled, 5xx, a broken connection), the first one included. */
  readonly maxAttempts?: number
  /** Sees every client that is made, before its first call. */
  readonly onClient?: (client: AwsClient) => void
}

/** The SDK's default of three gives up within a second; a quota refills within some. */
const MAX_ATTEMPTS = 6

/** SageMaker gives a request 60 s; what is silent for longer has lost its other side. */
const CONNECT_MS = 10_000
const ANSWER_MS = 75_000

/** What a client of the SDK is made with. Retries wait longer each time, with jitter, and longer still when throttled. */
export function clientSettings({ region, profile, endpoint, maxAttempts = MAX_ATTEMPTS }: AwsAccess) {
  return {
    region,
    maxAttempts,
    retryMode: 'standard' as const,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
    },
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
  }
}

/** Makes a client that others may look at. */
export function opened<C extends AwsClient>(access: AwsAccess, client: C): C {
  access.onClient?.(client)
  return client
}

/** The refusal of a call that needs a role for SageMaker to work as. */
export function noRole(setting: string): OperatorError {
  return new OperatorError(
    'CONFIG',
    `aws.${setting} is not set: SageMaker needs a role to work as`,
    'Give its ARN, which the deployment of the stack prints.',
  )
}

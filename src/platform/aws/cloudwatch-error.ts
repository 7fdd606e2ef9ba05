import { messageOf, OperatorError } from '../../core/errors.ts'
import { failureOf, type AwsCall } from './aws-error.ts'

/** What CloudWatch calls input that it does not take. */
const REFUSED = new Set([
  'InvalidParameterValueException',
  'InvalidParameterValue',
  'InvalidParameterCombinationException',
  'InvalidParameterCombination',
  'MissingRequiredParameterException',
  'MissingParameter',
  'InvalidFormatFault',
  'InvalidFormat',
  'ValidationError',
  'ValidationException',
  'DashboardInvalidInputError',
  'InvalidParameterInput',
])
const LIMIT = new Set(['LimitExceededFault', 'LimitExceededException', 'LimitExceeded'])
const MISSING = new Set(['ResourceNotFound', 'ResourceNotFoundException'])

/** Makes a call of CloudWatch. BAD_INPUT for what it refuses, NOT_FOUND for what is not there; else see `commonFailure`. */
export async function cloudWatchCall<T>(action: string, resource: string, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw failed(error, { action: `cloudwatch:${action}`, resource })
  }
}

function failed(error: unknown, call: AwsCall): unknown {
  const name = error instanceof Error ? error.name : ''
  const said = `${call.action} on ${call.resource}: ${messageOf(error)}`
  if (REFUSED.has(name)) return new OperatorError('BAD_INPUT', said, 'CloudWatch refused it.', error)
  if (MISSING.has(name)) return new OperatorError('NOT_FOUND', said, 'See `bikeshare alarms list`.', error)
  if (LIMIT.has(name))
    return new OperatorError(
      'UNAVAILABLE',
      said,
      'A quota of the account is used up: remove what is not needed, or ask for more.',
      error,
    )
  return failureOf(error, call)
}

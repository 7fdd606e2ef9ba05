import { messageOf } from '../../../core/errors.ts'
import { ControlError, type ControlErrorName } from '../../ports.ts'
import { failureOf, isNamed, type AwsCall } from '../aws-error.ts'
import { withKeys, type S3Location } from '../s3-location.ts'

/** SageMaker's names of a refusal, and which of the port's it is. */
const REFUSALS: Readonly<Record<string, ControlErrorName>> = {
  ValidationException: 'ValidationException',
  ResourceNotFound: 'ValidationException',
  ResourceInUse: 'ResourceInUse',
  ConflictException: 'ResourceInUse',
  ResourceLimitExceeded: 'ResourceLimitExceeded',
}

/** Makes a control call. A refusal is a ControlError that names keys of the lake; anything else see `commonFailure`. */
export async function controlCall<T>(location: S3Location, what: AwsCall, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    const name = error instanceof Error ? REFUSALS[error.name] : undefined
    if (name !== undefined) throw new ControlError(name, withKeys(location, messageOf(error)))
    throw failureOf(error, what)
  }
}

/** The answer of a call that describes something; undefined when it is not there. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    // SageMaker has no error of its own for it.
    if (isNamed(error, 'ValidationException') && error.message.startsWith('Could not find')) return undefined
    throw error
  }
}

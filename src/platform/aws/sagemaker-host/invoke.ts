import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { messageOf } from '../../../core/errors.ts'
import { InvokeError, type InvokeErrorName, type InvokeInput, type InvokeOutput } from '../../ports.ts'
import { commonFailure, isNamed, type AwsCall } from '../aws-error.ts'

const NAMES: Readonly<Record<string, InvokeErrorName>> = {
  ValidationError: 'ValidationError',
  // As a request that breaks the API's own rules is named.
  ValidationException: 'ValidationError',
  ModelError: 'ModelError',
  ModelNotReadyException: 'ModelNotReadyException',
  InternalFailure: 'InternalFailure',
  InternalDependencyException: 'InternalFailure',
  ServiceUnavailable: 'ServiceUnavailable',
  ServiceUnavailableException: 'ServiceUnavailable',
}

/** Invokes an endpoint; see EndpointHost. What nobody can answer by waiting (credentials, permissions) is an OperatorError. */
export async function invoke(client: SageMakerRuntimeClient, input: InvokeInput): Promise<InvokeOutput> {
  const { Body } = input
  try {
    const output = await client.send(
      new InvokeEndpointCommand({ ...input, Body: typeof Body === 'string' ? Buffer.from(Body) : Body }),
    )
    return {
      Body: output.Body,
      ContentType: output.ContentType ?? '',
      InvokedProductionVariant: output.InvokedProductionVariant ?? '',
    }
  } catch (error) {
    throw invokeFailure(error, {
      action: 'sagemaker:InvokeEndpoint',
      resource: `endpoint ${input.EndpointName}`,
    })
  }
}

function invokeFailure(error: unknown, call: AwsCall): unknown {
  const name = error instanceof Error ? NAMES[error.name] : undefined
  if (name !== undefined) return new InvokeError(name, messageOf(error), originalOf(error))
  const failure = commonFailure(error, call)
  // Throttled, or not to be reached: another try may be answered.
  if (failure?.code === 'UNAVAILABLE') return new InvokeError('ServiceUnavailable', failure.message)
  return failure ?? error
}

function originalOf(error: unknown): { status: number; message: string } | undefined {
  if (!isNamed(error, 'ModelError')) return undefined
  const { OriginalStatusCode = 0, OriginalMessage = '' } = error as Error & {
    readonly OriginalStatusCode?: number
    readonly OriginalMessage?: string
  }
  return { status: OriginalStatusCode, message: containerMessage(OriginalMessage) }
}

/** What a container said: SageMaker hands on its whole answer, which of our own container is `{"error": …}`. */
function containerMessage(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : text
  } catch {
    return text
  }
}

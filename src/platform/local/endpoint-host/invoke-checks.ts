import { MAX_BODY_BYTES } from '../../engines/inference-server/request-rows.ts'
import { InvokeError, type InvokeInput } from '../../ports.ts'
import { isName } from './control-checks.ts'

const MAX_INFERENCE_ID = 64
const MAX_ATTRIBUTES = 1024

/** What SageMaker refuses before any model sees the request (ValidationError); the body as bytes. */
export function checkInvocation(input: InvokeInput): Uint8Array {
  const { EndpointName, TargetVariant, InferenceId, CustomAttributes, Body } = input
  if (!isName(EndpointName)) throw invalid(`"${EndpointName.slice(0, 80)}" is not the name of an endpoint`)
  if (TargetVariant !== undefined && !isName(TargetVariant))
    throw invalid(`"${TargetVariant.slice(0, 80)}" is not the name of a variant`)
  if (InferenceId !== undefined && !isAscii(InferenceId, 1, MAX_INFERENCE_ID))
    throw invalid(`InferenceId must be 1 to ${MAX_INFERENCE_ID} ASCII characters`)
  if (CustomAttributes !== undefined && !isAscii(CustomAttributes, 0, MAX_ATTRIBUTES))
    throw invalid(`CustomAttributes must be at most ${MAX_ATTRIBUTES} ASCII characters`)
  const body = typeof Body === 'string' ? Buffer.from(Body) : Body
  if (body.length > MAX_BODY_BYTES) throw bodyTooLarge(body.length)
  return body
}

/** The refusal of a body over 6,291,456 bytes. */
export function bodyTooLarge(bytes: number): InvokeError {
  return invalid(`the body has ${bytes} bytes, the limit is ${MAX_BODY_BYTES}; send fewer rows a request`)
}

function isAscii(text: string, min: number, max: number): boolean {
  // oxlint-disable-next-line no-control-regex -- SageMaker's pattern is any ASCII character
  return text.length >= min && text.length <= max && /^[\u0000-\u007f]*$/.test(text)
}

function invalid(message: string): InvokeError {
  return new InvokeError('ValidationError', message)
}

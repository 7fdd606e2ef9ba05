import { type ErrorCode, isOperatorError } from '../../../src/core/errors.ts'

const SECRET = /AWS4-HMAC|Signature=|Credential=/

/** Message and hint that an operator sees of an attempt that is refused with this code; they may hold no secret. */
export async function refusal(attempt: Promise<unknown>, code: ErrorCode): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isOperatorError(error, code)) throw error instanceof Error ? error : new Error('it was not refused')
  const text = `${error.message} ${error.hint}`
  if (SECRET.test(text)) throw new Error(`a secret is in the message: ${text}`)
  return text
}

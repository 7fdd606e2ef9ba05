import { parseCsvRows } from './csv-rows.ts'
import { parseDataframeRows } from './dataframe-rows.ts'
import { InferenceError } from './inference-error.ts'
import type { MediaType } from './media-type.ts'
import { noRows, type Rows } from './rows.ts'

/** SageMaker's limit of one request body. */
export const MAX_BODY_BYTES = 6_291_456

/**
 * The rows of a request body. `names` are the features in the model's order. Always rows of finite or missing values, or
 * an InferenceError: 400 for what is wrong with the content, 413 for a body over 6,291,456 bytes.
 */
export function parseRequestRows(body: Uint8Array, type: MediaType, names: readonly string[]): Rows {
  if (body.length > MAX_BODY_BYTES)
    throw new InferenceError(
      413,
      `the body has ${body.length} bytes, the limit is ${MAX_BODY_BYTES}; send fewer rows a request`,
    )
  if (body.length === 0) throw noRows()
  return type === 'text/csv' ? parseCsvRows(body, names) : parseDataframeRows(decode(body), names)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decode(body: Uint8Array): string {
  try {
    return decoder.decode(body)
  } catch (error) {
    throw new InferenceError(400, 'the body is not UTF-8', error)
  }
}

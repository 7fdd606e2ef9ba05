/**
 * A request that the container refuses or cannot answer. `status` below 500 is the caller's fault: 400 the body, 406 the
 * Accept header, 413 its size, 415 its content type; 500 is the model's, 503 not ready or closing.
 */
export class InferenceError extends Error {
  override readonly name = 'InferenceError'
  readonly status: number

  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
  }
}

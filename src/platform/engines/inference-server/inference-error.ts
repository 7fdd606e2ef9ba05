/**
 * Why a request was not scored, as the container says it over HTTP:
 * 400 the body, 406 the Accept header, 413 its size, 415 its content type, 500 the model, 503 not ready or closing.
 */
export type InferenceStatus = 400 | 406 | 413 | 415 | 500 | 503

/** A request that the container refuses or cannot answer. `status` below 500 is the caller's fault. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError'
  readonly status: InferenceStatus

  constructor(status: InferenceStatus, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
  }
}

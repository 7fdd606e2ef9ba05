import { acceptedType, contentTypeOf } from './media-type.ts'
import { parseRequestRows } from './request-rows.ts'
import { scoresBody } from './scores-body.ts'
import type { ServedModel } from './served-model.ts'

/** One request to a model, as HTTP has it. */
export interface InferenceRequest {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly accept: string | undefined
}

export interface InferenceAnswer {
  readonly body: Uint8Array
  readonly contentType: string
}

/** Parses, scores and formats one request, in the request's own format unless another is accepted. Rejects with InferenceError. */
export async function answerRequest(model: ServedModel, request: InferenceRequest): Promise<InferenceAnswer> {
  const type = contentTypeOf(request.contentType)
  const answerType = acceptedType(request.accept, type)
  const scores = await model.score(parseRequestRows(request.body, type, model.featureNames))
  return { body: scoresBody(scores, answerType), contentType: answerType }
}

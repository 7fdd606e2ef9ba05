import type { InferenceAnswer, InferenceRequest } from '../../engines/inference-server/answer.ts'

/** A model that answers requests, in this process or as a container of its own. Rejects with InferenceError. */
export interface AnsweringModel {
  answer(request: InferenceRequest): Promise<InferenceAnswer>
  close(): Promise<void>
}

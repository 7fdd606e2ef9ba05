import { InvokeError, type EndpointHost } from '../../platform/ports.ts'

/** Lets time pass between tries; tests pass one that does not. */
export type Wait = (ms: number) => Promise<unknown>

/** Scores of one request, in the order of its rows, and the variant that gave them all. */
export interface Answer {
  readonly scores: readonly number[]
  readonly variant: string
}

/** Why a request has no answer, after all tries. */
export interface NoAnswer {
  readonly reason: string
  /** The variant that answered with something that is no score. */
  readonly variant?: string
}

const TRIES = 4
const FIRST_WAIT_MS = 200

/**
 * Asks an endpoint for the scores of some lines of text/csv. What may pass (429, 5xx, and a model that failed with 5xx) is
 * tried again three times, after 0.2, 0.8 and 3.2 s; anything else that the endpoint refuses is final.
 */
export async function askEndpoint(
  endpoints: Pick<EndpointHost, 'invokeEndpoint'>,
  request: { readonly endpoint: string; readonly lines: readonly string[]; readonly inferenceId: string },
  wait: Wait,
): Promise<Answer | NoAnswer> {
  const body = request.lines.join('\n')
  for (let attempt = 1, pause = FIRST_WAIT_MS; ; attempt++, pause *= 4) {
    try {
      const output = await endpoints.invokeEndpoint({
        EndpointName: request.endpoint,
        Body: body,
        ContentType: 'text/csv',
        Accept: 'text/csv',
        InferenceId: request.inferenceId,
      })
      return readScores(output.Body, output.InvokedProductionVariant, request.lines.length)
    } catch (error) {
      if (!(error instanceof InvokeError)) throw error
      if (attempt === TRIES || !mayPass(error)) return { reason: `${error.name}: ${error.message}` }
      await wait(pause)
    }
  }
}

function mayPass(error: InvokeError): boolean {
  return error.status === 429 || error.status >= 500 || (error.original?.status ?? 0) >= 500
}

/** Reads scores separated by commas or newlines, as the built-in image may write them either way. */
function readScores(body: Uint8Array, variant: string, rows: number): Answer | NoAnswer {
  const text = Buffer.from(body).toString('utf8').trim()
  const scores = text.split(/[\s,]+/).map((field) => (field === '' ? Number.NaN : Math.fround(Number(field))))
  if (scores.length !== rows)
    return { reason: `the endpoint gave ${scores.length} scores for ${rows} stations`, variant }
  const wrong = scores.find((score) => !(score >= 0 && score <= 1))
  if (wrong !== undefined)
    return { reason: `the endpoint gave ${wrong}, which is no chance between 0 and 1`, variant }
  return { scores, variant }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../../core/errors.ts'
import { ControlError, type EndpointDescription, type EndpointHost } from '../../platform/ports.ts'

/** Lets time pass; tests pass one that does not. */
export type Wait = (ms: number) => Promise<unknown>

/** Really waits. */
export const realWait: Wait = (ms) => sleep(ms)

const FIRST_WAIT_MS = 10
const LONGEST_WAIT_MS = 5000
/** SageMaker takes some minutes; an endpoint that takes longer than this is stuck. */
const PATIENCE_MS = 45 * 60_000

const ON_ITS_WAY = new Set(['Creating', 'Updating', 'RollingBack', 'Deleting'])

/** The endpoint once nothing is under way with it; undefined when there is none. UNAVAILABLE after 45 minutes of waiting. */
export async function settled(
  endpoints: EndpointHost,
  name: string,
  wait: Wait = realWait,
): Promise<EndpointDescription | undefined> {
  let waited = 0
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
    const endpoint = await endpoints.describeEndpoint(name)
    if (!endpoint || !ON_ITS_WAY.has(endpoint.EndpointStatus)) return endpoint
    if (waited >= PATIENCE_MS)
      throw new OperatorError(
        'UNAVAILABLE',
        `endpoint ${name} has been ${endpoint.EndpointStatus} for ${PATIENCE_MS / 60_000} minutes`,
        `See \`bikeshare endpoints describe ${name}\`, and try again later.`,
      )
    await wait(pause)
    waited += pause
  }
}

/** Makes a control call; what the host refuses becomes an error that an operator can act on. */
export async function controlled<T>(call: Promise<T>, hint: string): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    throw new OperatorError('BAD_INPUT', `the endpoint host refused: ${error.message}`, hint, error)
  }
}

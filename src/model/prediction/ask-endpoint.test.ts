import { describe, expect, it } from 'vitest'
import { InvokeError, type EndpointHost, type InvokeErrorName } from '../../platform/ports.ts'
import { askEndpoint } from './ask-endpoint.ts'

/** An endpoint that fails as told, in order, then answers. */
function endpoint(
  failures: readonly InvokeError[],
  body = '0.25\n0.5',
): Pick<EndpointHost, 'invokeEndpoint'> {
  const left = [...failures]
  return {
    invokeEndpoint: async () => {
      const failure = left.shift()
      if (failure) throw failure
      return { Body: Buffer.from(body), ContentType: 'text/csv', InvokedProductionVariant: 'AllTraffic' }
    },
  }
}

async function ask(failures: readonly InvokeError[], body?: string) {
  const waits: number[] = []
  const answer = await askEndpoint(
    endpoint(failures, body),
    { endpoint: 'e', lines: ['1', '2'], inferenceId: 'i' },
    async (ms) => {
      waits.push(ms)
    },
  )
  return { answer, waits }
}

const failure = (name: InvokeErrorName, original?: number): InvokeError =>
  new InvokeError(name, 'no', original === undefined ? undefined : { status: original, message: 'no' })

describe('asking an endpoint', () => {
  it('reads scores that are separated by newlines or by commas', async () => {
    const due = { scores: [0.25, 0.5], variant: 'AllTraffic' }
    for (const body of ['0.25\n0.5', '0.25,0.5', '0.25\n0.5\n', '0.25, 0.5'])
      expect((await ask([], body)).answer).toEqual(due)
  })

  it('tries again, after growing pauses, what may pass', async () => {
    const passing = [
      failure('ModelNotReadyException'),
      failure('ServiceUnavailable'),
      failure('ModelError', 500),
    ]
    const { answer, waits } = await ask(passing)
    expect(answer).toMatchObject({ scores: [0.25, 0.5] })
    expect(waits).toEqual([200, 800, 3200])
  })

  it('gives up after the third new try, with the reason', async () => {
    const { answer, waits } = await ask(Array.from({ length: 4 }, () => failure('InternalFailure')))
    expect(answer).toEqual({ reason: 'InternalFailure: no' })
    expect(waits).toHaveLength(3)
  })

  it('does not try again what cannot pass', async () => {
    for (const final of [failure('ValidationError'), failure('ModelError', 400)]) {
      const { answer, waits } = await ask([final])
      expect(answer).toEqual({ reason: `${final.name}: no` })
      expect(waits).toEqual([])
    }
  })

  it('takes no answer with too few scores, or with one that is no chance', async () => {
    expect((await ask([], '0.25')).answer).toEqual({
      reason: 'the endpoint gave 1 scores for 2 stations',
      variant: 'AllTraffic',
    })
    expect((await ask([], '')).answer).toMatchObject({ reason: expect.stringContaining('1 scores') })
    for (const body of ['0.25\nnan', '0.25\n1.5', '-1\n0.5', '0.25\nx'])
      expect((await ask([], body)).answer).toMatchObject({ reason: expect.stringContaining('no chance') })
  })
})

import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import { readCall } from './captured-call.ts'

const line = (
  input: object,
  inferenceId?: string,
  output: object = { data: '0.5\n0.25', encoding: 'CSV' },
): string =>
  JSON.stringify({
    captureData: { endpointInput: input, endpointOutput: output },
    eventMetadata: { eventId: 'e', inferenceId, inferenceTime: '2024-05-14T12:00:05Z' },
    eventVersion: '0',
  })

describe('a captured request', () => {
  it('in CSV has its rows, its scores and the slot of our own inference id', () => {
    const call = readCall(
      line({ data: '1,,3\r\n4,5,6\n', encoding: 'CSV' }, '1a2b3c4d-20240514T120000Z-0-07'),
    )
    expect(call).toMatchObject({
      lines: ['1,,3', '4,5,6'],
      scores: [0.5, 0.25],
      slot: 1_715_688_000,
      at: 1_715_688_005,
    })
  })

  it('in JSON has its columns brought into the order of the contract', () => {
    const data = JSON.stringify({
      dataframe_split: { columns: FEATURE_NAMES.toReversed(), data: [FEATURE_NAMES.map((_, i) => i)] },
    })
    const answer = { data: '{"predictions":[{"score":0.75}]}', encoding: 'JSON' }
    const call = readCall(line({ data, encoding: 'JSON' }, 'other', answer))
    expect(call?.lines[0]?.split(',', 2)).toEqual(['24', '23'])
    expect(call).toMatchObject({ slot: undefined, scores: [0.75] })
  })

  it.each([
    ['a torn line', '{"captureData":{"endpointInp'],
    ['another document', '{"a":1}'],
    ['no time', line({ data: '1', encoding: 'CSV' }).replace('2024-05-14T12:00:05Z', 'noon')],
    ['null', 'null'],
  ])('is none in %s', (_, text) => {
    expect(readCall(text)).toBeUndefined()
  })

  it.each([
    ['BASE64', 'AAAA'],
    ['JSON', '{"dataframe_split":'],
    ['JSON', '{"dataframe_split":{"data":[["a"]]}}'],
  ])('has no rows where %s cannot be read', (encoding, data) => {
    expect(readCall(line({ data, encoding }))?.lines).toEqual([])
  })
})

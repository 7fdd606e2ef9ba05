import { expect, it } from 'vitest'
import type { MetricDataQuery } from '../../../core/contracts/cloudwatch.ts'
import { collectResults } from './metric-results.ts'

const at = (...minutes: number[]): Date[] => minutes.map((minute) => new Date(minute * 60_000))
const query = (Id: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id,
  Expression: 'x',
  ...more,
})

it('puts the pages of a series together, oldest first, in the order of the queries', () => {
  const collected = collectResults([query('b'), query('a'), query('hidden', { ReturnData: false })])
  collected.add([
    { Id: 'a', Label: 'a', Timestamps: at(3, 2), Values: [30, 20], StatusCode: 'PartialData' },
    { Id: 'b', Label: 'B', Timestamps: at(3), Values: [3], StatusCode: 'Complete' },
  ])
  collected.add([{ Id: 'a', Label: 'a', Timestamps: at(1), Values: [10], StatusCode: 'Complete' }])
  expect(collected.results()).toEqual([
    { Id: 'b', Label: 'B', Timestamps: [180], Values: [3] },
    { Id: 'a', Label: 'a', Timestamps: [60, 120, 180], Values: [10, 20, 30] },
  ])
})

it('gives the upper edge of a band first, over pages, and nothing where there is nothing', () => {
  const collected = collectResults([query('band'), query('none', { Label: 'None' })])
  for (const minute of [1, 2])
    collected.add([
      { Id: 'band', Label: 'low', Timestamps: at(minute), Values: [1] },
      { Id: 'band', Label: 'high', Timestamps: at(minute), Values: [9] },
    ])
  expect(collected.results()).toEqual([
    { Id: 'band', Label: 'high', Timestamps: [60, 120], Values: [9, 9] },
    { Id: 'band', Label: 'low', Timestamps: [60, 120], Values: [1, 1] },
    { Id: 'none', Label: 'None', Timestamps: [], Values: [] },
  ])
})

it('takes no series that may not be read, or that failed, for an empty one', () => {
  const collected = collectResults([query('a')])
  expect(() => collected.add([{ Id: 'a', StatusCode: 'Forbidden' }])).toThrow(
    expect.objectContaining({ code: 'CONFIG' }),
  )
  expect(() => collected.add([{ Id: 'a', StatusCode: 'InternalError' }])).toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE' }),
  )
})

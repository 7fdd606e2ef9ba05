import type { Statistic } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { eachValue, type Distribution } from './distribution.ts'

/** What one statistic makes of the data of one period. */
export type Aggregate = (data: readonly Distribution[]) => number

const SIMPLE = {
  SampleCount: (data) => total(data, (_value, count) => count),
  Sum: (data) => total(data, (value, count) => value * count),
  Average: (data) => total(data, (value, count) => value * count) / total(data, (_value, count) => count),
  Minimum: (data) => Math.min(...data.map((d) => (typeof d === 'number' ? d : (d[0][0] ?? Number.NaN)))),
  Maximum: (data) => Math.max(...data.map((d) => (typeof d === 'number' ? d : (d[0].at(-1) ?? Number.NaN)))),
} as const satisfies Record<string, Aggregate>

/** The aggregate of a statistic; BAD_INPUT for a name that is none. */
export function aggregateOf(stat: Statistic): Aggregate {
  if (Object.hasOwn(SIMPLE, stat)) return SIMPLE[stat as keyof typeof SIMPLE]
  const percent = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(stat)?.[1]
  if (percent !== undefined && Number(percent) <= 100) {
    const share = Number(percent) / 100
    return (data) => percentile(data, share)
  }
  throw new OperatorError(
    'BAD_INPUT',
    `"${stat}" is no statistic`,
    'There are SampleCount, Average, Sum, Minimum, Maximum, and percentiles such as p95 or p99.9.',
  )
}

function total(data: readonly Distribution[], of: (value: number, count: number) => number): number {
  let sum = 0
  for (const distribution of data) eachValue(distribution, (value, count) => (sum += of(value, count)))
  return sum
}

/**
 * The value at position `share * (n - 1)` of the n sorted values, between two of them by linear interpolation: of one value
 * it is that value, of two p50 is their mean. (CloudWatch does not document its own; on few values it differs from the like
 * of this by at most the gap between two neighbours.)
 */
function percentile(data: readonly Distribution[], share: number): number {
  const values: number[] = []
  const counts: number[] = []
  for (const distribution of data)
    eachValue(distribution, (value, count) => {
      values.push(value)
      counts.push(count)
    })
  if (counts.every((count) => count === 1)) {
    const sorted = Float64Array.from(values).sort()
    const position = share * (sorted.length - 1)
    return between(sorted[Math.floor(position)], sorted[Math.ceil(position)], position % 1)
  }
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const n = counts.reduce((sum, count) => sum + count, 0)
  const position = share * Math.max(n - 1, 0)
  const at = (wanted: number): number | undefined => {
    let below = 0
    const found = order.find((i) => (below += counts[i] ?? 0) > wanted) ?? order.at(-1)
    return found === undefined ? undefined : values[found]
  }
  return between(at(Math.floor(position)), at(Math.ceil(position)), position % 1)
}

function between(low = Number.NaN, high = low, share = 0): number {
  return low + share * (high - low)
}

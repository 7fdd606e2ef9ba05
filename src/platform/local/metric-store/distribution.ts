/** Values with how often each occurred: ascending, distinct, counts above 0. A single value that occurred once is a number. */
export type Distribution = number | readonly [values: readonly number[], counts: readonly number[]]

/** Relative width of a bucket, where values are too many to keep each. */
const BUCKET_WIDTH = 0.01
const LOG_WIDTH = Math.log1p(BUCKET_WIDTH)

/** The distribution of values; without `counts` each occurred once. */
export function distributionOf(values: readonly number[], counts?: readonly number[]): Distribution {
  const sums = new Map<number, number>()
  // -0 and 0 are one value.
  for (const [i, value] of values.entries())
    sums.set(value + 0, (sums.get(value + 0) ?? 0) + (counts?.[i] ?? 1))
  return fromCounts(sums)
}

/** All values of several distributions in one. */
export function mergeDistributions(parts: readonly Distribution[]): Distribution {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const sums = new Map<number, number>()
  for (const part of parts) eachValue(part, (value, count) => sums.set(value, (sums.get(value) ?? 0) + count))
  return fromCounts(sums)
}

function fromCounts(sums: ReadonlyMap<number, number>): Distribution {
  const values = [...sums.keys()].sort((a, b) => a - b)
  const [first] = values
  if (first !== undefined && values.length === 1 && sums.get(first) === 1) return first
  return [values, values.map((value) => sums.get(value) ?? 0)]
}

/** A distribution as it is written: counts of 1 are left out. */
export type PackedDistribution = number | readonly [values: readonly number[], counts?: readonly number[]]

export function packDistribution(distribution: Distribution): PackedDistribution {
  if (typeof distribution === 'number' || distribution[1].some((count) => count !== 1)) return distribution
  return [distribution[0]]
}

export function unpackDistribution(packed: PackedDistribution): Distribution {
  return typeof packed === 'number' ? packed : [packed[0], packed[1] ?? packed[0].map(() => 1)]
}

/** Visits the values in ascending order. */
export function eachValue(distribution: Distribution, visit: (value: number, count: number) => void): void {
  if (typeof distribution === 'number') {
    visit(distribution, 1)
    return
  }
  const [values, counts] = distribution
  for (let i = 0; i < values.length; i++) visit(values[i] ?? Number.NaN, counts[i] ?? 0)
}

/**
 * Collects values in bounded memory: each distinct value while they are at most `exact`, beyond that buckets of 1 % relative
 * width, each kept as the mean of its members. So count, sum, minimum and maximum stay what they are (to rounding), and a
 * percentile is at most 1 % off.
 */
export class DistributionBuilder {
  readonly #exact: number
  #counts: Map<number, number> | undefined = new Map()
  readonly #buckets = new Map<number, { count: number; sum: number }>()
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  constructor(exact: number) {
    this.#exact = exact
  }

  add(value: number, count = 1): void {
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    if (!this.#counts) {
      this.#addToBucket(value, count)
      return
    }
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count)
    if (this.#counts.size <= this.#exact) return
    for (const [each, times] of this.#counts) this.#addToBucket(each, times)
    this.#counts = undefined
  }

  get isEmpty(): boolean {
    return this.#min > this.#max
  }

  build(): Distribution {
    if (this.#counts) return fromCounts(this.#counts)
    const sums = new Map<number, number>()
    const put = (value: number, count: number): void => {
      if (count > 0) sums.set(value, (sums.get(value) ?? 0) + count)
    }
    for (const [index, { count, sum }] of this.#buckets) {
      // One of each extreme is kept apart, as it is.
      const ends = [this.#min, this.#max].filter((end) => bucketOf(end) === index)
      if (count < ends.length) {
        put(this.#min, count)
        continue
      }
      for (const end of ends) put(end, 1)
      const rest = count - ends.length
      if (rest > 0) put(clamp((sum - ends.reduce((a, b) => a + b, 0)) / rest, this.#min, this.#max), rest)
    }
    return fromCounts(sums)
  }

  #addToBucket(value: number, count: number): void {
    const index = bucketOf(value)
    const bucket = this.#buckets.get(index)
    if (bucket) {
      bucket.count += count
      bucket.sum += value * count
    } else {
      this.#buckets.set(index, { count, sum: value * count })
    }
  }
}

/** The same with at most about `exact` values; see DistributionBuilder. */
export function compress(distribution: Distribution, exact: number): Distribution {
  if (typeof distribution === 'number' || distribution[0].length <= exact) return distribution
  const builder = new DistributionBuilder(exact)
  eachValue(distribution, (value, count) => builder.add(value, count))
  return builder.build()
}

/** Far enough from those of the other sign: no double has a logarithm near it. */
const SIGN_STEP = 1_000_000

function bucketOf(value: number): number {
  if (value === 0) return 0
  const index = Math.floor(Math.log(Math.abs(value)) / LOG_WIDTH)
  return value > 0 ? SIGN_STEP + index : -SIGN_STEP - index
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}

/** Bins that quantiles are to make; fewer come of a feature whose values are tied. */
const QUANTILES = 10

/**
 * Upper ends of the bins of a feature, in order, all but the last bin's: bin i holds the values above `edges[i - 1]` and up
 * to and with `edges[i]`; the first and the last are open. After them comes one bin for missing values. Without any known
 * value there is a single bin for all that is not missing.
 */
export type Edges = readonly number[]

/**
 * Quantile bins of float32 values: the edges are the values of rank ceil(i n / 10), NaN left out. Ties make fewer bins than
 * ten: a value that two quantiles fall on has a bin of its own, the values below it another. The greatest value is no edge,
 * since nothing of the sample lies above it. No bin is empty but for a feature that never changes, which has three: below
 * its value, at it, above it.
 */
export function quantileEdges(values: Float32Array): Edges {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const [least, greatest] = [known[0], known.at(-1)]
  if (least === undefined || greatest === undefined) return []
  if (least === greatest) return [nextBelow(least), least]
  const edges = new Set<number>()
  let before: number | undefined
  for (let i = 1; i <= QUANTILES; i++) {
    const quantile = known[Math.ceil((i * known.length) / QUANTILES) - 1] ?? greatest
    if (quantile < greatest) edges.add(quantile)
    if (quantile === before && quantile > least) edges.add(known[firstOf(known, quantile) - 1] ?? least)
    before = quantile
  }
  if (edges.size === 0) edges.add(known[firstOf(known, greatest) - 1] ?? least)
  return [...edges].sort((a, b) => a - b)
}

/** Index of the first of ordered values that is not below `value`. */
function firstOf(known: Float32Array, value: number): number {
  let [low, high] = [0, known.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((known[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** How many bins there are, the one for missing values (the last) included. */
export const binCount = (edges: Edges): number => edges.length + 2

/** The bin of a value; NaN belongs to the last. */
export function binOf(edges: Edges, value: number): number {
  if (Number.isNaN(value)) return edges.length + 1
  let bin = 0
  while (bin < edges.length && value > (edges[bin] ?? Infinity)) bin++
  return bin
}

/** The greatest float32 below a finite one. */
function nextBelow(value: number): number {
  if (value === 0) return -1.401298464324817e-45
  const bits = new Int32Array(Float32Array.of(value).buffer)
  bits[0] = (bits[0] ?? 0) + (value > 0 ? -1 : 1)
  return new Float32Array(bits.buffer)[0] ?? value
}

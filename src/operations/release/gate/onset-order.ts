/** Onset rows by position: which station and day a row belongs to (any whole numbers from 0), what came, what was said. */
export interface OnsetRows {
  readonly clusters: Int32Array
  readonly labels: Uint8Array
  readonly scores: Float64Array
  /** Count now: persistence's score is minus it. */
  readonly counts: Int32Array
}

/** How many rows of a cluster stand in a place of an order, place by place. */
interface Cells {
  readonly clusters: Int32Array
  readonly rows: Int32Array
  /** Where the cells of each place end. */
  readonly ends: Int32Array
}

/**
 * Rows from the highest score down, as far as a pass for the average precision looks at them: places are the distinct scores of
 * positives. The negatives of a place score at least that, and less than the place before; those below all positives count for
 * nothing and are left out.
 */
export interface OnsetOrder {
  readonly places: number
  readonly positives: Cells
  readonly negatives: Cells
}

/** Puts rows in order by a score of each. */
export function orderBy({ labels, clusters }: OnsetRows, scores: Float64Array): OnsetOrder {
  const distinct = distinctDown(scores.filter((_, row) => labels[row] === 1))
  const most = distinct.length
  const places = [new Int32Array(labels.length).fill(most), new Int32Array(labels.length).fill(most)] as const
  for (let row = 0; row < labels.length; row++)
    places[labels[row] === 1 ? 1 : 0][row] = placeOf(distinct, scores[row] ?? Number.NaN)
  return {
    places: most,
    positives: cellsOf(clusters, places[1], most),
    negatives: cellsOf(clusters, places[0], most),
  }
}

/** What a pass over an order looks at. */
export const cellsIn = ({ positives, negatives }: OnsetOrder): number =>
  (positives.ends.at(-1) ?? 0) + (negatives.ends.at(-1) ?? 0)

/** Average precision with each row counted as often as its cluster was drawn; NaN when no positive was. */
export function weightedPrecision(
  { places, positives, negatives }: OnsetOrder,
  weights: Uint16Array,
): number {
  let tp = 0
  let all = 0
  let area = 0
  let p = 0
  let n = 0
  for (let place = 0; place < places; place++) {
    const positivesEnd = positives.ends[place] ?? 0
    const negativesEnd = negatives.ends[place] ?? 0
    let found = 0
    for (; p < positivesEnd; p++)
      found += (weights[positives.clusters[p] ?? 0] ?? 0) * (positives.rows[p] ?? 0)
    for (; n < negativesEnd; n++) all += (weights[negatives.clusters[n] ?? 0] ?? 0) * (negatives.rows[n] ?? 0)
    all += found
    tp += found
    if (found > 0) area += found * (tp / all)
  }
  return tp === 0 ? Number.NaN : area / tp
}

function distinctDown(scores: Float64Array): Float64Array {
  const down = scores.toSorted().toReversed()
  return down.filter((score, i) => score !== down[i - 1])
}

/** The first of some descending scores that is not above `score`; their number when all are. */
function placeOf(down: Float64Array, score: number): number {
  let low = 0
  let high = down.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((down[middle] ?? 0) > score) low = middle + 1
    else high = middle
  }
  return low
}

/** Cells of the rows whose place is below `most`. */
function cellsOf(clusters: Int32Array, places: Int32Array, most: number): Cells {
  // Rows by place: how many there are before each place, then each row into its own.
  const ends = new Int32Array(most + 1)
  for (const place of places) if (place < most) ends[place + 1] = (ends[place + 1] ?? 0) + 1
  for (let place = 0; place < most; place++) ends[place + 1] = (ends[place + 1] ?? 0) + (ends[place] ?? 0)
  const size = ends[most] ?? 0
  const sorted = new Int32Array(size)
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? most
    if (place >= most) continue
    const next = ends[place] ?? 0
    sorted[next] = clusters[row] ?? 0
    ends[place] = next + 1
  }
  const cells = { clusters: new Int32Array(size), rows: new Int32Array(size), ends: new Int32Array(most) }
  const lastOf = new Int32Array(clusters.reduce((a, b) => Math.max(a, b), -1) + 1).fill(-1)
  let next = 0
  for (let place = 0, i = 0; place < most; place++) {
    const first = next
    for (; i < (ends[place] ?? 0); i++) {
      const cluster = sorted[i] ?? 0
      let cell = lastOf[cluster] ?? -1
      if (cell < first) {
        cell = next++
        lastOf[cluster] = cell
        cells.clusters[cell] = cluster
      }
      cells.rows[cell] = (cells.rows[cell] ?? 0) + 1
    }
    cells.ends[place] = next
  }
  return cells
}

import { seededRandom } from '../../../core/seeded-random.ts'
import { BETS, type BatchEvidence } from './evidence.ts'

/** One scored row of a batch whose traffic was split: who scored it was decided by chance alone. */
export interface SplitRow {
  /** Rows of a cell are alike: what persistence says of them, and what came. */
  readonly cell: number
  /** (score - label)^2. */
  readonly loss: number
  readonly candidate: boolean
}

/** Shuffles of who scored what. The more, the finer the evidence; it is valid with any number. */
const SHUFFLES = 199

/** What a batch is measured by. */
export interface SplitMeasures {
  readonly margin: number
  /** The baseline's mean loss at usual times. */
  readonly usualLoss: number
  /** Of the shuffles. */
  readonly seed: number
  readonly means: CellMeans
}

/**
 * Variance of a row's loss, about its cell's mean, as a share of the mean loss: most of the loss comes from few rows that
 * are far off.
 */
const SPREAD_OF_LOSS = 0.2

/** Mean losses of the cells, from every row so far. */
export class CellMeans {
  readonly #sums = new Map<number, { rows: number; loss: number }>()

  add(cell: number, loss: number): void {
    const sum = this.#sums.get(cell) ?? { rows: 0, loss: 0 }
    this.#sums.set(cell, { rows: sum.rows + 1, loss: sum.loss + loss })
  }

  of(cell: number): number {
    const sum = this.#sums.get(cell)
    return sum ? sum.loss / sum.rows : 0
  }
}

/**
 * The evidence of one batch that the candidate's loss is greater than the baseline's by more than `margin`. Stations were
 * shuffled into requests and requests given out by weight, so that, were both models equal, any other rows might as well
 * have been the candidate's: the difference is set against those of `SHUFFLES` other draws, which makes the evidence exact
 * with any number of rows and any spread of losses. What is compared is a loss less the mean of its cell: a row's cell does
 * not depend on who scored it, and most of the spread goes with it. A batch counts by what is at stake in it: where hardly
 * anything is lost, as by night, two good models differ by the same little in every row, and that is next to nothing. The
 * batch's rows are added to `means`. Undefined when a side has no row. The same rows, means and seed always give the same.
 */
export function splitEvidence(
  rows: readonly SplitRow[],
  { margin, usualLoss, seed, means }: SplitMeasures,
): BatchEvidence | undefined {
  // What the losses would be, were the candidate's greater by just the margin: then it does not matter whose they are.
  const alike = rows.map(({ loss, candidate }) => (candidate ? loss - margin : loss))
  rows.forEach(({ cell }, i) => means.add(cell, alike[i] ?? 0))
  const rests = rows.map(({ cell }, i) => (alike[i] ?? 0) - means.of(cell))
  const own = rests.filter((_, i) => rows[i]?.candidate)
  const others = rests.filter((_, i) => rows[i]?.candidate === false)
  if (own.length === 0 || others.length === 0) return undefined
  const pool = Float64Array.from([...own, ...others])
  const total = pool.reduce((sum, rest) => sum + rest, 0)
  /** Of the first rows against all others, whichever these are. */
  const difference = (): number => {
    let first = 0
    for (let i = 0; i < own.length; i++) first += pool[i] ?? 0
    return first / own.length - (total - first) / others.length
  }
  const random = seededRandom(seed)
  const observed = difference()
  const drawn = Array.from({ length: SHUFFLES }, () => {
    redraw(pool, own.length, random)
    return difference()
  })
  const all = [observed, ...drawn]
  const centre = all.reduce((sum, d) => sum + d, 0) / all.length
  // Chosen by the whole set of draws, so that it says nothing about which of them was the real one.
  const ownSpread = Math.sqrt(all.reduce((sum, d) => sum + (d - centre) ** 2, 0) / all.length)
  const usual = Math.sqrt(SPREAD_OF_LOSS * usualLoss * (1 / own.length + 1 / others.length))
  const spread = Math.max(ownSpread, usual)
  return {
    rows: own.length,
    difference: observed + margin,
    // Losses that are all equal differ by their last digits.
    factors: BETS.map((bet) => (spread < 1e-12 ? 1 : softRank(all, bet / spread))),
  }
}

/** Draws anew which rows are the first (Fisher and Yates, as far as needed). */
function redraw(pool: Float64Array, first: number, random: () => number): void {
  for (let i = 0; i < first; i++) {
    const j = i + Math.floor(random() * (pool.length - i))
    const held = pool[i] ?? 0
    pool[i] = pool[j] ?? 0
    pool[j] = held
  }
}

/** exp(bet x first) against its mean over all: 1 on average when the first is like the others, whatever they are. */
function softRank(values: readonly number[], bet: number): number {
  const greatest = values.reduce((max, v) => Math.max(max, v), -Infinity)
  const weights = values.map((v) => Math.exp(bet * (v - greatest)))
  const total = weights.reduce((sum, w) => sum + w, 0)
  return ((weights[0] ?? 0) * values.length) / total
}

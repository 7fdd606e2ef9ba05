/** What the table knows of a row. */
interface Seen {
  readonly count: number
  readonly hour: number
  readonly trend: number
}

/**
 * The plainest learner there is: the share of onset rows that ran out, by count, part of the day and trend, smoothed
 * towards the share by count alone. If it beats the count by itself, then there is something to learn.
 */
export class RiskTable {
  readonly #cells = new Map<number, { rows: number; positives: number }>()
  readonly #counts: { rows: number; positives: number }[] = []
  readonly #test: { seen: Seen; positive: boolean }[] = []

  learn(seen: Seen, positive: boolean): void {
    const key = keyOf(seen)
    const cell = this.#cells.get(key)
    const counted = (this.#counts[Math.min(seen.count, 30)] ??= { rows: 0, positives: 0 })
    counted.rows++
    counted.positives += positive ? 1 : 0
    if (cell === undefined) this.#cells.set(key, { rows: 1, positives: positive ? 1 : 0 })
    else {
      cell.rows++
      cell.positives += positive ? 1 : 0
    }
  }

  score(seen: Seen, positive: boolean): void {
    this.#test.push({ seen, positive })
  }

  /** Average precision of the table, and of the count alone, over the rows scored. */
  judged(): { readonly table: number; readonly persistence: number } {
    const byCount = new Float64Array(2001)
    const byCountNegative = new Float64Array(2001)
    const byRisk = new Map<number, { positive: number; negative: number }>()
    for (const { seen, positive } of this.#test) {
      const counts = positive ? byCount : byCountNegative
      counts[seen.count] = (counts[seen.count] ?? 0) + 1
      const risk = this.#risk(seen)
      const group = byRisk.get(risk) ?? { positive: 0, negative: 0 }
      if (positive) group.positive++
      else group.negative++
      byRisk.set(risk, group)
    }
    const ordered = [...byRisk.entries()].sort(([a], [b]) => b - a).map(([, group]) => group)
    return {
      table: averagePrecision(
        ordered.map((group) => group.positive),
        ordered.map((group) => group.negative),
      ),
      persistence: averagePrecision(byCount, byCountNegative),
    }
  }

  #risk(seen: Seen): number {
    const counted = this.#counts[Math.min(seen.count, 30)] ?? { rows: 0, positives: 0 }
    const prior = (counted.positives + 0.01) / (counted.rows + 1)
    const cell = this.#cells.get(keyOf(seen)) ?? { rows: 0, positives: 0 }
    return (cell.positives + 20 * prior) / (cell.rows + 20)
  }
}

/** Average precision of rows in groups of equal score, the likeliest first. */
export function averagePrecision(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  let total = 0
  for (let k = 0; k < positives.length; k++) total += positives[k] ?? 0
  let hits = 0
  let rows = 0
  let area = 0
  for (let k = 0; k < positives.length; k++) {
    const found = positives[k] ?? 0
    hits += found
    rows += found + (negatives[k] ?? 0)
    if (found > 0) area += (found / total) * (hits / rows)
  }
  return area
}

function keyOf({ count, hour, trend }: Seen): number {
  const step = Math.max(-4, Math.min(2, trend)) + 4
  return (Math.min(count, 12) * 24 + hour) * 8 + step
}

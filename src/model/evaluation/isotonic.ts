/** Rows of neighbouring scores that share one chance. */
export interface Step {
  /** Highest score of the step. */
  upTo: number
  rows: number
  positives: number
}

/** Isotonic regression of outcomes on scores, fed in ascending order of score. */
export interface Isotonic {
  /** Takes rows of one score, or of neighbouring ones that count as one; `score` is not below the one before. */
  add(score: number, rows: number, positives: number): void
  /** Steps of ascending score and strictly ascending share of positives. Ends the feeding. */
  steps(): Step[]
}

/** Pools adjacent violators, in steps of at least `fewestRows` rows (fewer only when there are not so many). */
export function openIsotonic(fewestRows: number): Isotonic {
  const steps: Step[] = []
  return {
    add(score, rows, positives) {
      const last = steps.at(-1)
      // Equal scores are one step, and a step that is too small takes the next score as well.
      if (last && (last.upTo === score || last.rows < fewestRows)) {
        last.upTo = score
        last.rows += rows
        last.positives += positives
        return
      }
      pool(steps)
      steps.push({ upTo: score, rows, positives })
    },
    steps() {
      if ((steps.at(-1)?.rows ?? 0) < fewestRows) join(steps)
      pool(steps)
      return steps
    },
  }
}

/** Place of the step that a score belongs to: the first that reaches it, else the last. 0 without steps. */
export function stepAt(steps: readonly Pick<Step, 'upTo'>[], score: number): number {
  let low = 0
  let high = Math.max(0, steps.length - 1)
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((steps[middle]?.upTo ?? Infinity) < score) low = middle + 1
    else high = middle
  }
  return low
}

/** Joins the last steps for as long as a later one has no higher rate than the one before it. */
function pool(steps: Step[]): void {
  for (;;) {
    const [before, last] = [steps.at(-2), steps.at(-1)]
    if (!before || !last || before.positives * last.rows < last.positives * before.rows) return
    join(steps)
  }
}

function join(steps: Step[]): void {
  const before = steps.at(-2)
  const last = before && steps.pop()
  if (!last) return
  before.upTo = last.upTo
  before.rows += last.rows
  before.positives += last.positives
}

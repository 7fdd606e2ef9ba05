import { walkDown, type Ranking } from './ranking.ts'

/** One point of a precision-recall curve: what a threshold at `threshold` would give. */
export interface PrPoint {
  readonly threshold: number
  readonly precision: number
  readonly recall: number
}

/**
 * Area under the precision-recall curve as average precision, sum of (recall step) x precision over the distinct scores
 * from the top: scikit-learn's `average_precision_score`. Null when one of the classes is absent.
 */
export function averagePrecision(ranking: Ranking): number | null {
  const total = ranking.positives.length
  if (total === 0 || ranking.negatives.length === 0) return null
  let area = 0
  let seen = 0
  walkDown(ranking, (_score, tp, fp) => {
    if (tp > seen) area += ((tp - seen) / total) * (tp / (tp + fp))
    seen = tp
  })
  return area
}

/**
 * The curve from the highest threshold that finds a positive to the one that finds all, thinned to about `points`: a point
 * where recall has grown by 1 / points since the last one, and the first and the last. Empty when a class is absent.
 */
export function prCurve(ranking: Ranking, points = 200): PrPoint[] {
  const total = ranking.positives.length
  if (total === 0 || ranking.negatives.length === 0) return []
  const curve: PrPoint[] = []
  let kept = -1
  walkDown(ranking, (threshold, tp, fp) => {
    const step = Math.floor((tp / total) * points)
    if (tp === 0 || (step === kept && tp < total) || kept === points) return
    kept = step
    curve.push({ threshold, precision: tp / (tp + fp), recall: tp / total })
  })
  return curve
}

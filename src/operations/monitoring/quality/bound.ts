/** What a model reached on days that it was not trained on. */
export interface DailySpread {
  readonly days: number
  readonly mean: number
  readonly sd: number
  /** A day below this is one in a thousand, or worse than that. */
  readonly floor: number
}

/** Fewest days that say anything of a spread. */
const FEWEST_DAYS = 3
/** Days in a row share weather and season, and so differ less than a month's: the floor stays this far below their mean. */
const LEAST_MARGIN = 0.05
/** Student's t at 0.999, one-sided, by degrees of freedom from 1; the last for all beyond. */
const T_999 = [
  318.31, 22.327, 10.215, 7.173, 5.893, 5.208, 4.785, 4.501, 4.297, 4.144, 4.025, 3.93, 3.852, 3.787, 3.733,
  3.686, 3.646, 3.61, 3.579, 3.552,
]

/**
 * Mean and standard deviation of a daily figure, and the bound that the next day falls below once in a thousand days if days
 * are normal and independent: mean - t(n - 1) sd sqrt(1 + 1/n), at least 0.05 below the mean. Null for fewer than three days.
 */
export function dailySpread(values: readonly number[]): DailySpread | null {
  const days = values.length
  if (days < FEWEST_DAYS) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / days
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (days - 1))
  const t = T_999[Math.min(days - 1, T_999.length) - 1] ?? Infinity
  const margin = Math.max(LEAST_MARGIN, t * sd * Math.sqrt(1 + 1 / days))
  return { days, mean, sd, floor: Math.max(0, mean - margin) }
}

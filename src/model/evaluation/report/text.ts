/** A figure with three decimals, or a dash where there is none. */
export function figureText(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits)
}

/** A share as a percentage. */
export function shareText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const percent = 100 * value
  return `${percent.toFixed(percent < 10 ? 2 : 1)} %`
}

/** A count with thousands apart. */
export function countText(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** Where PSI is looked at, warned of and critical. */
export const PSI_MARKS = [
  { level: 'look', value: 0.1 },
  { level: 'warn', value: 0.2 },
  { level: 'crit', value: 0.3 },
] as const

export type DriftLevel = 'quiet' | 'missing' | (typeof PSI_MARKS)[number]['level']

/** What a PSI means; a missing one means nothing. */
export function driftLevel(psi: number | null): DriftLevel {
  if (psi === null) return 'missing'
  return PSI_MARKS.findLast(({ value }) => psi >= value)?.level ?? 'quiet'
}

/** The greatest first, missing ones last; equal ones by name. */
export function byDrift<T extends { readonly name: string; readonly psi: number | null }>(
  items: readonly T[],
): readonly T[] {
  return items.toSorted(
    (a, b) => (b.psi ?? -1) - (a.psi ?? -1) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}

/** End of the bars' axis: past the last mark, or past the greatest bar. */
export function driftAxisEnd(values: readonly (number | null)[]): number {
  const most = Math.max(0, ...values.filter((value) => value !== null))
  return most <= 0.32 ? 0.36 : most * 1.1
}

import type { Point, Series } from '../../../src/core/contracts/api/common.ts'

/** Name of a line as people tell lines apart. */
export function seriesLabel({ name, of }: Pick<Series, 'name' | 'of'>): string {
  return of === null ? name : `${name} · ${of}`
}

/** Points with a gap wherever one is due and not there, so that no line is drawn over what is not known. */
export function withGaps(points: readonly Point[], period: number): Point[] {
  const drawn: Point[] = []
  for (const point of points) {
    const before = drawn.at(-1)
    if (before !== undefined && before[1] !== null && point[0] - before[0] > period * 1.5)
      drawn.push([before[0] + period, null])
    drawn.push(point)
  }
  return drawn
}

/** Stretches without a value between the first and the last value. */
export function countGaps(points: readonly Point[]): number {
  const known = points.map(([, value]) => value !== null)
  const [first, last] = [known.indexOf(true), known.lastIndexOf(true)]
  return known.filter(
    (isKnown, index) => !isKnown && index > first && index < last && known[index - 1] === true,
  ).length
}

/** A value with none beside it: a line of one point, drawn as a dot. */
export function isAlone(points: readonly Point[], index: number): boolean {
  return (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null
}

/** Lowest, highest and newest value; undefined without any. */
export function extremes(
  points: readonly Point[],
): { low: number; high: number; newest: number } | undefined {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]))
  const newest = values.at(-1)
  if (newest === undefined) return undefined
  return {
    low: values.reduce((a, b) => Math.min(a, b)),
    high: values.reduce((a, b) => Math.max(a, b)),
    newest,
  }
}

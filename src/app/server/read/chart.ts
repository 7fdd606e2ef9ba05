import type { Bound, Chart, Series } from '../../../core/contracts/api/common.ts'
import type { Window } from './metric-lines.ts'

/** A chart of some lines; undefined when not one of their points is known. */
export function chartOf(
  id: string,
  window: Window,
  series: readonly Series[],
  more: { readonly bounds?: Bound[]; readonly band?: Chart['band']; readonly samples?: number | null } = {},
): Chart | undefined {
  const known = series.filter(({ points }) => points.some(([, value]) => value !== null))
  const [first] = known
  if (!first) return undefined
  return {
    id,
    unit: first.unit,
    from: window.from,
    to: window.to,
    series: known,
    bounds: more.bounds ?? [],
    band: more.band ?? null,
    samples: more.samples ?? null,
  }
}

/** The newest value of a line; null without one. */
export const newestOf = (series: Series | undefined): number | null =>
  series?.points.findLast(([, value]) => value !== null)?.[1] ?? null

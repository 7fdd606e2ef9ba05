import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'

type Bin = NonNullable<ModelHealth['calibration']>['bins'][number]

/** Bins that can be drawn, by what was said. */
export function drawnBins(bins: readonly Bin[]): readonly Bin[] {
  return bins
    .filter(({ samples, said, happened }) => samples > 0 && Number.isFinite(said + happened))
    .toSorted((a, b) => a.said - b.said)
}

/** The bin that lies farthest from the diagonal, and by how much; undefined without any. */
export function worstBin(bins: readonly Bin[]): { readonly bin: Bin; readonly off: number } | undefined {
  let worst: { bin: Bin; off: number } | undefined
  for (const bin of bins) {
    const off = Math.abs(bin.said - bin.happened)
    if (worst === undefined || off > worst.off) worst = { bin, off }
  }
  return worst
}

/** Radius of a bin's dot in a plot 100 wide: its area grows with the samples. */
export function dotRadius(samples: number, most: number): number {
  return most <= 0 ? 1 : 1 + 2.5 * Math.sqrt(samples / most)
}

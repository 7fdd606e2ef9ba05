import { STATION_STATE_FEATURES } from '../../../core/contracts/features.ts'
import type { DriftBaseline } from './baseline-file.ts'
import type { DriftColumn } from './columns.ts'
import type { ColumnDrift } from './drift-file.ts'
import { expectedShares, type WeekHistogram } from './histograms.ts'
import { MIN_SAMPLES, psi, sumOf } from './psi.ts'

/** A column of a window beside the baseline's training rows of the same hours of the week; PSI from 500 samples on. */
export function compareColumn(
  name: DriftColumn,
  baseline: DriftBaseline,
  window: WeekHistogram | undefined,
): ColumnDrift {
  const column = baseline.columns.get(name)
  const edges = [...(column?.edges ?? [])]
  const counts = window?.total() ?? new Float64Array()
  const samples = sumOf(counts)
  const expected =
    column && window ? expectedShares(column.histogram.counts, window.counts, window.bins) : null
  const index = expected && samples >= MIN_SAMPLES ? psi(expected, counts) : null
  return {
    name,
    psi: index,
    reason:
      index !== null
        ? null
        : samples < MIN_SAMPLES
          ? `${samples} samples, and ${MIN_SAMPLES} are needed`
          : 'the training rows have no value of it',
    samples,
    edges,
    expected: expected && [...expected],
    actual: samples === 0 ? null : [...counts].map((count) => count / samples),
  }
}

/** The features of a window beside the baseline, and the one that moved most. */
export function compareFeatures(
  baseline: DriftBaseline,
  windows: ReadonlyMap<DriftColumn, WeekHistogram>,
): { readonly features: ColumnDrift[]; readonly greatest: ColumnDrift | undefined } {
  const features = STATION_STATE_FEATURES.map((name) => compareColumn(name, baseline, windows.get(name)))
  const greatest = features
    .filter(({ psi: index }) => index !== null)
    .toSorted((a, b) => (b.psi ?? 0) - (a.psi ?? 0))[0]
  return { features, greatest }
}

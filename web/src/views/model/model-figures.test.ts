import { expect, it } from 'vitest'
import type { Compared } from '../../../../src/core/contracts/api/model.ts'
import { drawnBins, worstBin } from './calibration-plot.ts'
import { byDrift, driftAxisEnd, driftLevel } from './drift-level.ts'
import { qualityRows, standing } from './quality-rows.ts'
import { splitAxisEnd } from './split-rows.ts'

const FIGURES: Compared = {
  at: 0,
  samples: 1000,
  positives: 90,
  batches: 144,
  onset_samples: 900,
  onset_positives: 9,
  onset_pr_auc: 0.3,
  persistence_onset_pr_auc: 0.06,
  pr_auc: 0.95,
  persistence_pr_auc: 0.952,
  f1: null,
  persistence_f1: 0.9,
  precision: 0.9,
  recall: 0.9,
  brier: 0.01,
  calibration_error: null,
}

it('shows onsets first, with their own sample size', () => {
  const [first, second] = qualityRows(FIGURES)
  expect(first).toMatchObject({ key: 'onset', model: 0.3, persistence: 0.06, samples: 900, positives: 9 })
  expect(second).toMatchObject({ key: 'pr_auc', samples: 1000 })
})

it('compares with persistence only what both have, and calls little differences none', () => {
  expect(qualityRows(FIGURES).map(standing)).toEqual(['better', 'alike', null, null, null, null, null])
})

it('knows what a PSI means, at its marks too', () => {
  expect([null, 0, 0.0999, 0.1, 0.2, 0.2999, 0.3, 4].map(driftLevel)).toEqual([
    'missing',
    'quiet',
    'quiet',
    'look',
    'warn',
    'warn',
    'crit',
    'crit',
  ])
})

it('sorts features by drift, and takes a missing one for neither none nor much', () => {
  const features = [
    { name: 'b', psi: 0.1 },
    { name: 'c', psi: null },
    { name: 'a', psi: 0.1 },
    { name: 'd', psi: 0.4 },
  ]
  expect(byDrift(features).map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c'])
  expect(driftAxisEnd([null, 0.01])).toBeGreaterThan(0.3)
  expect(driftAxisEnd([null, 2])).toBeGreaterThan(2)
})

it('draws only bins that hold something, and finds the one that is farthest off', () => {
  const bins = [
    { said: 0.9, happened: 0.7, samples: 10 },
    { said: 0.5, happened: 0.5, samples: 0 },
    { said: 0.1, happened: 0.05, samples: 90 },
  ]
  expect(drawnBins(bins).map(({ said }) => said)).toEqual([0.1, 0.9])
  expect(worstBin(drawnBins(bins))?.bin.said).toBe(0.9)
  expect(worstBin([])).toBeUndefined()
})

it('has an axis that the greatest bar fits', () => {
  const row = (onset_pr_auc: number | null) => ({ key: '', label: '', figures: { ...FIGURES, onset_pr_auc } })
  expect(splitAxisEnd([row(0.3), row(null)])).toBe(0.3)
  expect(splitAxisEnd([row(0.31)])).toBe(0.5)
  expect(splitAxisEnd([])).toBe(0.1)
})

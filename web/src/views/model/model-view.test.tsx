import { screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'
import { AS_OF, fakeApi, NOW } from '../../../test/fake-api.ts'
import { renderView } from '../../../test/render-view.tsx'
import { ModelView } from './model-view.tsx'

const FIGURES = {
  at: NOW,
  samples: 36_008,
  positives: 3436,
  batches: 143,
  onset_samples: 32_571,
  onset_positives: 169,
  onset_pr_auc: 0.276,
  persistence_onset_pr_auc: 0.088,
  pr_auc: 0.962,
  persistence_pr_auc: 0.952,
  f1: null,
  persistence_f1: null,
  precision: 0.918,
  recall: 0.965,
  brier: 0.012,
  calibration_error: 0.053,
}
const EMPTY: ModelHealth = {
  as_of: AS_OF,
  target: 'bikes',
  endpoint: null,
  variants: [],
  quality: null,
  by_hour: [],
  by_size: [],
  calibration: null,
  estimate: null,
  drift: null,
  charts: [],
}
const show = (patch: Partial<ModelHealth>) => {
  fakeApi({ 'GET /cities/demo/model': { ...EMPTY, ...patch } })
  return renderView(<ModelView />)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

it('says of everything that is missing why it is', async () => {
  show({})
  expect(await screen.findByText(/No 24 hours are judged yet/)).toBeTruthy()
  for (const words of [
    /There is no such endpoint/,
    /There are no charts/,
    /No estimate yet/,
    /Too few outcomes/,
    /No drift is computed/,
  ])
    expect(screen.getByText(words)).toBeTruthy()
})

it('has persistence beside the model, onsets first, with window and sample sizes', async () => {
  show({ quality: FIGURES, endpoint: 'bikeshare-prod' })
  const table = within(await screen.findByRole('table', { name: 'Quality of the last 24 hours' }))
  const [, first, ...others] = table.getAllByRole('row').map((row) => row.textContent)
  expect(first).toMatch(/^Onset PR-AUC.*0\.2760\.088\+0\.188 better than persistence32,571169$/)
  expect(others.find((row) => row.startsWith('F1'))).toBe('F1 –––36,0083,436')
  expect(screen.getByText(/143 of 144 batches/)).toBeTruthy()
  expect(screen.getByText(/A “–” is a figure that cannot be had/)).toBeTruthy()
})

it('says why drift is missing, and shows features in order with their level', async () => {
  const drift = {
    at: NOW,
    psi: null,
    samples: 120,
    note: 'only 120 of 500 rows',
    features: [
      { name: 'util_docks', psi: 0.05 },
      { name: 'util_bikes', psi: 0.25 },
      { name: 'delta_bikes_5m', psi: null },
    ],
    stations: [
      {
        station_id: 's1',
        name: '<u>Main</u> St',
        psi: null,
        feature: 'util_bikes',
        baseline: 0.2,
        window: 0.7,
        shift: 2.5,
      },
    ],
    feature_skew: null,
    weather_faults: 0,
    frozen_stations: null,
  }
  const { container } = show({ drift })
  expect(await screen.findByText('only 120 of 500 rows')).toBeTruthy()
  const bars = within(screen.getByRole('table', { name: /PSI by feature/ }))
  expect(bars.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([
    'util_bikes',
    'util_docks',
    'delta_bikes_5m',
  ])
  expect(bars.getByText('warning')).toBeTruthy()
  expect(screen.getByRole('link', { name: '<u>Main</u> St' }).getAttribute('href')).toContain('station=s1')
  expect(container.querySelector('u')).toBeNull()
})

it('tells in words what the calibration plot shows', async () => {
  show({
    calibration: {
      from: NOW - 86_400,
      to: NOW,
      samples: 100,
      bins: [
        { said: 0.05, happened: 0.01, samples: 90 },
        { said: 0.9, happened: 0.6, samples: 10 },
      ],
    },
  })
  const plot = await screen.findByRole('img', {
    name: /2 bins; the farthest from the diagonal is 30 points off/,
  })
  expect(plot.querySelectorAll('circle')).toHaveLength(2)
})

import { expect } from 'vitest'
import type { DemoFigures } from '../../src/app/demo/options.ts'

/** What holds of the last line of every demo: its shape, 144 batches, and skill on days that no training saw. */
export function checkDemoFigures(figures: DemoFigures): void {
  expect(Object.keys(figures)).toEqual([
    'targets',
    'stations',
    'batches',
    'predict_p95_ms',
    'seconds',
    'peak_rss_mb',
    'data_sha256',
  ])
  expect(figures.batches).toBe(144)
  expect(figures.data_sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(Object.keys(figures.targets)).toEqual(['bikes', 'docks'])
  for (const target of [figures.targets.bikes, figures.targets.docks]) {
    expect(Object.keys(target)).toEqual([
      'model_version',
      'train_until',
      'test_from',
      'train_rows',
      'rounds',
      'pr_auc',
      'persistence_pr_auc',
      'onset_rows',
      'onset_positives',
      'onset_pr_auc',
      'persistence_onset_pr_auc',
      'brier',
    ])
    expect(Date.parse(target.train_until)).toBeLessThan(Date.parse(target.test_from))
    expect(target.onset_positives).toBeGreaterThan(50)
    expect(target.pr_auc).toBeGreaterThan(target.persistence_pr_auc ?? Infinity)
    expect(target.onset_pr_auc).toBeGreaterThanOrEqual(2 * (target.persistence_onset_pr_auc ?? Infinity))
  }
}

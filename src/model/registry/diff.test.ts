import { describe, expect, it } from 'vitest'
import { manifestSchema } from '../../core/contracts/manifest.ts'
import { exampleEvaluation, exampleManifest } from '../../../test/support/example-model.ts'
import { diffModels } from './diff.ts'

const whole = (changes = {}) =>
  manifestSchema.parse({ ...exampleManifest(changes), files: {}, model_sha256: 'ab' })

describe('a comparison of two versions', () => {
  it('of one with itself has no difference', () => {
    const rows = diffModels(whole(), whole())
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter((row) => !row.same)).toEqual([])
  })

  it('names what differs in parameters, figures, window and importance, and what one of them lacks', () => {
    const a = whole()
    const b = whole({
      params: { ...a.params, max_depth: 8 },
      metrics: { ...a.metrics, test: exampleEvaluation({ onset_pr_auc: 0.25 }) },
      training: { ...a.training, until: a.training.until + 3600 },
    })
    const rows = diffModels(a, b, { a: { hour: 0.2 }, b: { hour: 0.1 } }).filter((row) => !row.same)
    expect(rows).toContainEqual({ name: 'params.max_depth', a: 6, b: 8, same: false })
    expect(rows).toContainEqual({ name: 'test.onset_pr_auc', a: null, b: 0.25, same: false })
    expect(rows).toContainEqual({
      name: 'training.until',
      a: '2024-05-18T00:00:00Z',
      b: '2024-05-18T01:00:00Z',
      same: false,
    })
    expect(rows).toContainEqual({ name: 'gain.hour', a: 0.2, b: 0.1, same: false })
    expect(
      rows.every(
        (row) =>
          row.name.startsWith('test.') ||
          ['params.max_depth', 'training.until', 'gain.hour'].includes(row.name),
      ),
    ).toBe(true)
  })
})

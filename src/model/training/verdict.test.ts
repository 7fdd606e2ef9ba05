import { describe, expect, it } from 'vitest'
import { exampleEvaluation } from '../../../test/support/example-model.ts'
import { refusalsOf } from './verdict.ts'

const good = exampleEvaluation()

describe('a model is refused', () => {
  it('never when it is good on both sets', () => {
    expect(refusalsOf(good, good)).toEqual([])
  })

  it.each([
    [0.95, 0.8501, 0],
    [0.95, 0.849, 1],
    [0.85, 0.95, 0],
  ])('for a training score of %d over a validation score of %d: %d reasons', (train, validation, reasons) => {
    const found = refusalsOf({ ...good, pr_auc: train }, { ...good, pr_auc: validation })
    expect(found).toHaveLength(reasons)
    if (reasons > 0) expect(found[0]).toContain('0.950 on training and 0.849 on validation')
  })

  it('when it does not rank onsets above persistence, with both figures', () => {
    const equal = { ...good, onset_pr_auc: 0.07, persistence_onset_pr_auc: 0.07 }
    expect(refusalsOf(good, equal)).toEqual([
      'onset PR-AUC is 0.0700 on validation, not above persistence’s 0.0700',
    ])
  })

  it('when there is nothing to be shown better at, or one class only', () => {
    const none = { ...good, onset_pr_auc: null, persistence_onset_pr_auc: null, onset_positives: 0 }
    expect(refusalsOf(good, none)[0]).toContain('none of the 700 onset rows')
    expect(refusalsOf(good, { ...good, pr_auc: null })).toEqual(['training or validation has one class only'])
  })
})

import { describe, expect, it } from 'vitest'
import { gapCause, type Attempt } from './gap-cause.ts'

const FROM = 1_715_688_000
const GAP = { from: FROM, to: FROM + 3600, seconds: 3600 }
const every = (minutes: number, failures: number): Attempt[] =>
  Array.from({ length: 60 / minutes }, (_, i) => ({ at: FROM + i * minutes * 60, attempts: 1, failures }))

describe('whose a gap is', () => {
  it.each([
    ['ours', 'nobody asked', [], 0],
    ['ours', 'only the fetch that ended it asked', [{ at: FROM + 3600, attempts: 1, failures: 0 }], 0],
    ['feed', 'it was asked and had nothing new', every(1, 0), 0],
    ['network', 'it was asked and not had', every(1, 1), 0],
    ['feed', 'its documents were refused', every(1, 1), 60],
    ['network', 'most attempts failed, and a few documents were refused', every(2, 1), 3],
  ] as const)('is "%s" when %s', (cause, _, attempts, refused) => {
    expect(gapCause(GAP, attempts, refused)).toBe(cause)
  })

  it('is unknown where attempts are not recorded', () => {
    expect(gapCause(GAP, null, 0)).toBe('unknown')
  })
})

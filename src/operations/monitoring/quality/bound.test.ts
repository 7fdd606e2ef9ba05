import { describe, expect, it } from 'vitest'
import { dailySpread } from './bound.ts'

describe('the spread of held-out days', () => {
  it('says nothing of fewer than three days', () => {
    expect(dailySpread([0.9, 0.91])).toBeNull()
  })

  it("puts the floor where one day in a thousand would lie, by Student's t", () => {
    const spread = dailySpread([0.9, 0.92, 0.94, 0.96])
    expect(spread?.mean).toBeCloseTo(0.93, 12)
    expect(spread?.sd).toBeCloseTo(Math.sqrt(0.002 / 3), 12)
    expect(spread?.floor).toBeCloseTo(0.93 - 10.215 * Math.sqrt(0.002 / 3) * Math.sqrt(1.25), 12)
  })

  it('stays 0.05 below days that are all alike, and never below 0', () => {
    expect(dailySpread([0.97, 0.97, 0.97])?.floor).toBeCloseTo(0.92, 12)
    expect(dailySpread([0.1, 0.9, 0.5])?.floor).toBe(0)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchAt, gapsWithin, nearestBatch, slideTo, sliderWindow, stepFrom } from './time-steps.ts'

const batches = [600, 1200, 1800, 6000, 6600]

describe('the time machine', () => {
  it('finds the batch that a moment shows', () => {
    expect([599, 600, 1799, 5000, 9000].map((at) => batchAt(batches, at))).toEqual([-1, 0, 1, 2, 4])
  })

  it('finds the batch nearest to where the slider is let go', () => {
    expect([0, 900, 901, 3800, 4000, 99_999].map((at) => nearestBatch(batches, at))).toEqual([
      0, 0, 1, 2, 3, 4,
    ])
  })

  it('leads over a gap by keys, and stays where it is let go', () => {
    expect(slideTo(batches, 6000, 5400)).toBe(2)
    expect(slideTo(batches, 1800, 2400)).toBe(3)
    expect(slideTo(batches, 1800, 1200)).toBe(1)
    expect(slideTo(batches, 600, 0)).toBe(0)
    expect(slideTo(batches, 6600, 6600)).toBe(4)
  })

  it('steps from batch to batch, over gaps, and ends at the newest', () => {
    expect(stepFrom(batches, null, -1)).toBe(6000)
    expect(stepFrom(batches, 6000, -1)).toBe(1800)
    expect(stepFrom(batches, 1800, 1)).toBe(6000)
    expect(stepFrom(batches, 6000, 1)).toBeNull()
    expect(stepFrom(batches, 600, -1)).toBe(600)
  })

  it('goes back from between two batches to the one that is shown there', () => {
    expect(stepFrom(batches, 1500, -1)).toBe(1200)
    expect(stepFrom(batches, 1500, 1)).toBe(1800)
  })

  it('has nothing to step through without batches', () => {
    expect(stepFrom([], null, 1)).toBeNull()
    expect(stepFrom([], 600, -1)).toBeNull()
  })

  it('has the moment within its window, whatever it is', () => {
    const many = Array.from({ length: 3000 }, (_, index) => 1_700_000_000 + index * 600)
    fc.assert(
      fc.property(fc.nat(2999), fc.constantFrom('day', 'week', 'all'), (index, range) => {
        const at = many[index] ?? 0
        const [from, to] = sliderWindow(many, at, range)
        expect(from <= at && at <= to).toBe(true)
        expect(from >= (many[0] ?? 0) && to <= (many.at(-1) ?? 0)).toBe(true)
      }),
    )
  })

  it('shows the gaps that lie within, cut to the window', () => {
    const gaps = [
      [0, 50],
      [90, 120],
      [150, 160],
      [190, 300],
      [400, 500],
    ] as const
    expect(gapsWithin(gaps, [100, 200])).toEqual([
      [100, 120],
      [150, 160],
      [190, 200],
    ])
  })
})

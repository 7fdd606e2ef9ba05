import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { grossFlows, meanAbsolute } from './skellam.ts'

it('gross flows give back the Poisson means behind a difference', () => {
  const mean = fc.double({ min: 0, max: 12, noNaN: true })
  fc.assert(
    fc.property(mean, mean, (rentals, returns) => {
      const absolute = meanAbsolute(rentals, returns)
      const gained = (absolute + returns - rentals) / 2
      const lost = (absolute - returns + rentals) / 2
      const gross = grossFlows(lost, gained)
      expect(gross.rentals).toBeCloseTo(rentals, 3)
      expect(gross.returns).toBeCloseTo(returns, 3)
    }),
  )
})

it('the mean absolute difference is that of the distribution', () => {
  // X of mean 1 against nothing: E|X| = E X.
  expect(meanAbsolute(1, 0)).toBeCloseTo(1, 9)
  // Two of mean 1: E|X - Y| = 2 e^-2 (I0(2) + I1(2)), by tables of Bessel functions.
  expect(meanAbsolute(1, 1)).toBeCloseTo(2 * Math.exp(-2) * (2.279585302 + 1.590636855), 6)
})

it('no change is no rider, and a flood does not hang it', () => {
  expect(grossFlows(0, 0)).toEqual({ rentals: 0, returns: 0 })
  expect(grossFlows(0, 500).returns).toBeGreaterThanOrEqual(500)
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosTurn, exp, log, round, sinTurn } from './arithmetic.ts'

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b))

describe('elementary functions of the simulation', () => {
  it('come within 1e-12 of the platform’s own', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
        expect(close(exp(x), Math.exp(x)) || Math.abs(exp(x) / Math.exp(x) - 1) < 1e-12).toBe(true)
        expect(close(cosTurn(x), Math.cos(2 * Math.PI * x))).toBe(true)
        expect(close(sinTurn(x), Math.sin(2 * Math.PI * x))).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (x) => {
        expect(close(log(x), Math.log(x))).toBe(true)
      }),
    )
  })

  it('give these very bits everywhere', () => {
    expect([exp(1.7), log(0.3), cosTurn(0.123), round(exp(-3.3), 6)]).toEqual([
      5.473947391727199, -1.203972804325936, 0.7159364830218312, 0.036883,
    ])
  })
})

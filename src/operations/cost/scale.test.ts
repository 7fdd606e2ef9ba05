import { describe, expect, it } from 'vitest'
import { scaleLines, type ScaleInput } from './scale.ts'

const ONE: ScaleInput = {
  systems: 1,
  stations: 100,
  snapshot_seconds: 300,
  endpoints: 4,
  systems_an_instance: 1,
  captured: 1,
  metrics: 20,
  alarm_metrics: 16,
}
const amounts = (input: ScaleInput): number[] => scaleLines(input).map(({ a_month }) => a_month)

describe('the plan for many systems', () => {
  it('is so many times that of one', () => {
    const one = amounts(ONE)
    const many = amounts({ ...ONE, systems: 1500 })
    for (const [i, amount] of many.entries()) expect(amount / (one[i] ?? 0)).toBeCloseTo(1500, 6)
  })

  it('asks an endpoint once for every 100 stations, rounded up', () => {
    const invoked = (stations: number): number =>
      scaleLines({ ...ONE, stations }).find(({ item }) => item === 'InvokeEndpoint')?.a_month ?? 0
    expect(invoked(101) / invoked(100)).toBe(2)
    expect(invoked(20)).toBe(invoked(100))
  })

  it('has no cost where no price is known', () => {
    for (const { usd, a_month } of scaleLines(ONE))
      if (usd !== null) expect(usd).toBeGreaterThan(0)
      else expect(a_month).toBeGreaterThan(0)
  })
})

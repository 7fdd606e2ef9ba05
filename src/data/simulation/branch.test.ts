import { describe, expect, it } from 'vitest'
import { createCity, type City } from './city.ts'

const FROM = Date.UTC(2024, 8, 2) / 1000
const OPTIONS = { seed: 5, stations: 20, from: FROM, timezone: 'America/New_York', warmUpDays: 1 }
const BRANCH_AT = FROM + 12 * 3600

const live = (city: City, until: number): City => {
  city.step((until - city.state.now) / 60)
  return city
}
const counts = ({ state }: City) => ({ bikes: [...state.bikes], counters: { ...state.counters } })

describe('another future of a simulated city', () => {
  it('has the same past, to the last bike', () => {
    const one = live(createCity(OPTIONS), BRANCH_AT)
    const other = live(createCity({ ...OPTIONS, branch: { at: BRANCH_AT, seed: 9 } }), BRANCH_AT)
    expect(counts(other)).toEqual(counts(one))
  })

  it('has other riders, the same for the same seed', () => {
    const later = BRANCH_AT + 4 * 3600
    const [one, same, other] = [9, 9, 10].map((seed) =>
      counts(live(createCity({ ...OPTIONS, branch: { at: BRANCH_AT, seed } }), later)),
    )
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(one).not.toEqual(counts(live(createCity(OPTIONS), later)))
  })

  it('loses no bike', () => {
    const city = createCity({ ...OPTIONS, branch: { at: BRANCH_AT, seed: 9 } })
    const { total } = city.ledger()
    expect(live(city, BRANCH_AT + 6 * 3600).ledger().total).toBe(total)
  })
})

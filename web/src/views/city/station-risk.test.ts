import { describe, expect, it } from 'vitest'
import { fillLevel, passesFilter, riskClass, type StationNow } from './station-risk.ts'

const station: StationNow = {
  condition: 'ok',
  count: 9,
  capacity: 20,
  score: 0.05,
  threshold: 0.2,
  stockout: false,
  onset: true,
}
const soon = { ...station, count: 5, score: 0.6, stockout: true }
const out = { ...station, count: 2, score: 0.9, stockout: true, onset: false }

describe('the class of a station', () => {
  it('is of the moment, with what is said to come', () => {
    expect([station, soon, out].map((each) => riskClass(each, 'bikes', 'now'))).toEqual(['ok', 'risk', 'out'])
  })

  it('is of 30 minutes later when that is asked for: one that fills up again is well', () => {
    const recovers = { ...out, stockout: false, score: 0.1 }
    expect([station, soon, out, recovers].map((each) => riskClass(each, 'bikes', 'later'))).toEqual([
      'ok',
      'risk',
      'out',
      'ok',
    ])
  })

  it('is not known without a state, or for later without a prediction', () => {
    expect(riskClass({ ...station, count: null }, 'bikes', 'now')).toBe('unknown')
    expect(riskClass({ ...station, condition: 'unknown' }, 'bikes', 'now')).toBe('unknown')
    expect(riskClass({ ...station, stockout: null }, 'bikes', 'later')).toBe('unknown')
    expect(riskClass({ ...station, stockout: null }, 'bikes', 'now')).toBe('ok')
  })

  it('is closed for a target that the station does not serve', () => {
    expect(riskClass({ ...out, condition: 'closed' }, 'bikes', 'now')).toBe('closed')
    expect(riskClass({ ...out, condition: 'no_rent' }, 'bikes', 'now')).toBe('closed')
    expect(riskClass({ ...out, condition: 'no_rent' }, 'docks', 'now')).toBe('out')
    expect(riskClass({ ...out, condition: 'no_return' }, 'bikes', 'now')).toBe('out')
  })
})

describe('how full a dot is', () => {
  it('follows the count as a part of the capacity, and the score as a part of the threshold', () => {
    expect([0, 5, 10, 20].map((count) => fillLevel({ ...station, count }, 'now'))).toEqual([0, 1, 2, 3])
    expect([0, 0.05, 0.1, 0.19, 0.9].map((score) => fillLevel({ ...station, score }, 'later'))).toEqual([
      3, 2, 1, 0, 0,
    ])
  })

  it('is empty where the capacity is not known, or 0', () => {
    expect([null, 0].map((capacity) => fillLevel({ ...station, capacity }, 'now'))).toEqual([0, 0])
  })
})

describe('a filter', () => {
  it('lets through what its name says, and nothing that is not known', () => {
    expect(passesFilter('empty', 'ok', 2, 18, 'ok')).toBe(true)
    expect(passesFilter('empty', 'unknown', null, null, 'unknown')).toBe(false)
    expect(passesFilter('full', 'ok', 18, 2, 'ok')).toBe(true)
    expect(passesFilter('full', 'closed', 0, 0, 'closed')).toBe(false)
    expect(passesFilter('closed', 'closed', 0, 0, 'no_rent')).toBe(true)
    expect(passesFilter('closed', 'unknown', null, null, 'unknown')).toBe(false)
    expect(passesFilter('risk', 'out', 0, 20, 'ok')).toBe(false)
  })
})

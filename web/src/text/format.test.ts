import { describe, expect, it } from 'vitest'
import { formatOf } from './format.ts'

/** Sunday 3 November 2024 05:30 UTC: 01:30 in New York, an hour before its clocks go back. */
const AT = Date.UTC(2024, 10, 3, 5, 30) / 1000
const en = formatOf('en', 'America/New_York')
const fr = formatOf('fr', 'Europe/Paris')

describe('figures and times', () => {
  it('shows what is missing as missing, in every format', () => {
    const { zone: _, zoneName: __, unit, money, ...formats } = en
    const shown = Object.values(formats).flatMap((format) => [
      format(null),
      format(undefined),
      format(Number.NaN),
    ])
    expect(new Set([...shown, unit(null, 'ms'), money(null, 'CAD')])).toEqual(new Set(['–']))
  })

  it('tells times in the city’s zone, and which that is', () => {
    expect([en.time(AT), en.zone(AT)]).toEqual(['01:30', 'GMT-4'])
    expect([en.time(AT + 3600), en.zone(AT + 3600)]).toEqual(['01:30', 'GMT-5'])
    expect([fr.time(AT), fr.zone(AT)]).toEqual(['06:30', 'UTC+1'])
    expect(en.zoneName).toBe('America/New York')
  })

  it('takes an unknown zone for UTC, and says so', () => {
    const format = formatOf('en', 'Mars/Olympus')
    expect([format.time(AT), format.zone(AT), format.zoneName]).toEqual(['05:30', 'UTC', 'UTC'])
  })

  it('writes numbers, shares and signs as the language does', () => {
    expect(en.number(1234.5)).toBe('1,235')
    expect(en.number(0.1234)).toBe('0.123')
    expect(en.percent(0.163)).toBe('16%')
    expect(fr.percent(0.163)).toMatch(/^16\s%$/)
    expect(en.signed(0.5)).toBe('+0.5')
    expect(en.score(0.2)).toBe('0.20')
  })

  it('writes durations by their two largest units', () => {
    expect([45, 600, 12_000, 187_200].map(en.duration)).toEqual([
      '45 secs',
      '10 mins',
      '3 hrs 20 mins',
      '2 days 4 hrs',
    ])
  })

  it('writes the units that charts have', () => {
    expect(en.unit(200_000, 'Microseconds')).toBe('200 ms')
    expect(en.unit(12.34, 'Percent')).toBe('12.3%')
    expect(en.unit(3, 'Count')).toBe('3')
    expect(en.unit(3, 'mm')).toBe('3\u00a0mm')
    expect(en.bytes(2_500_000)).toBe('2.5 MB')
    expect(en.distance(350)).toBe('350 m')
    expect(en.distance(1234)).toBe('1.2 km')
  })
})

import { describe, expect, it } from 'vitest'
import { DAY_SECONDS, HOUR_SECONDS, parseTime } from '../../core/time.ts'
import { hourOf, openLocalClock } from './local-clock.ts'

describe('the local clock', () => {
  it('follows daylight saving time: one day of 25 hours and one of 23', () => {
    const local = openLocalClock('America/New_York', 'US')
    const lengths = new Map<number, number>()
    for (let t = parseTime('2024-01-01'); t < parseTime('2025-01-01'); t += HOUR_SECONDS) {
      const { day } = local(t)
      lengths.set(day, (lengths.get(day) ?? 0) + 1)
    }
    const inner = [...lengths.values()].slice(1, -1)
    expect(inner.filter((hours) => hours === 23)).toHaveLength(1)
    expect(inner.filter((hours) => hours === 25)).toHaveLength(1)
    expect(inner.filter((hours) => hours === 24)).toHaveLength(inner.length - 2)
  })

  it('knows weekdays, and public holidays as days off', () => {
    const local = openLocalClock('America/New_York', 'US')
    const labourDay = local(parseTime('2024-09-02T12:00:00-04:00'))
    expect(labourDay).toMatchObject({ minute: 720, dow: 0, free: true })
    expect(local(parseTime('2024-09-03T00:30:00-04:00'))).toMatchObject({ minute: 30, dow: 1, free: false })
    expect(local(parseTime('2024-09-07T12:00:00-04:00'))).toMatchObject({ dow: 5, free: true })
    expect(openLocalClock('America/New_York', null)(parseTime('2024-09-02T12:00:00-04:00')).free).toBe(false)
  })

  it('takes zones off the whole hour', () => {
    const local = openLocalClock('Asia/Kathmandu', null)
    expect(local(parseTime('2024-09-02T00:00:00Z')).minute).toBe(5 * 60 + 45)
    expect(hourOf(local(parseTime('2024-09-02T00:00:00Z') + DAY_SECONDS))).toBe(5)
  })
})

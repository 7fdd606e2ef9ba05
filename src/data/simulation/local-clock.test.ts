import { describe, expect, it } from 'vitest'
import { DAY_SECONDS, HOUR_SECONDS, parseTime } from '../../core/time.ts'
import { hourOf, openLocalClock } from './local-clock.ts'

describe('the local clock', () => {
  it('follows daylight saving time: one day of 25 hours and one of 23', () => {
    const local = openLocalClock('America/New_York', 'US')
    const lengthsOf = (from: string, to: string): number[] => {
      const lengths = new Map<number, number>()
      for (let t = parseTime(from); t < parseTime(to); t += HOUR_SECONDS) {
        const { day } = local(t)
        lengths.set(day, (lengths.get(day) ?? 0) + 1)
      }
      return [...lengths.values()].slice(1, -1)
    }
    expect(lengthsOf('2024-03-07', '2024-03-13')).toEqual([24, 24, 24, 23, 24])
    expect(lengthsOf('2024-10-31', '2024-11-06')).toEqual([24, 24, 24, 25, 24])
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

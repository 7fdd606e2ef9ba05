import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeTicks, zoneOffset } from './time-ticks.ts'

const HOUR = 3600
const utc = (...parts: [number, number, number, number]) =>
  Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3]) / 1000

describe('ticks of a time axis', () => {
  it('stand at round local times', () => {
    const from = utc(2024, 7, 1, 4)
    const ticks = timeTicks(from, from + 24 * HOUR, 'America/New_York', 5)
    expect(ticks.map(({ at }) => (at - from) / HOUR)).toEqual([0, 6, 12, 18, 24])
    expect(ticks.filter(({ midnight }) => midnight)).toHaveLength(2)
  })

  it('stay at midnight over a change of the clocks', () => {
    // New York goes back an hour on 3 November 2024.
    const ticks = timeTicks(utc(2024, 11, 2, 4), utc(2024, 11, 5, 5), 'America/New_York', 4)
    expect(ticks.map(({ at }) => at)).toEqual([
      utc(2024, 11, 2, 4),
      utc(2024, 11, 3, 4),
      utc(2024, 11, 4, 5),
      utc(2024, 11, 5, 5),
    ])
  })

  it('know zones of odd offsets', () => {
    expect(zoneOffset(utc(2024, 7, 1, 0), 'Asia/Kathmandu')).toBe(5.75 * HOUR)
  })

  it('are few, ascending, and within', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }),
        fc.integer({ min: 600, max: 90 * 24 * HOUR }),
        fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe'),
        (from, size, zone) => {
          const at = timeTicks(from, from + size, zone, 6).map((tick) => tick.at)
          expect(at.length).toBeLessThanOrEqual(8)
          expect(at).toEqual([...new Set(at)].sort((a, b) => a - b))
          expect(at.every((one) => one >= from && one <= from + size)).toBe(true)
        },
      ),
    )
  })
})

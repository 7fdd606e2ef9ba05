import { describe, expect, it } from 'vitest'
import { sha256 } from '../../core/hash.ts'
import { DAY_SECONDS, parseTime } from '../../core/time.ts'
import type { Column } from '../../platform/ports.ts'
import { REAL_FAULTS } from './knobs.ts'
import { simulateCity, type SimulatedDay, type SimulationOptions } from './simulate.ts'

const FROM = parseTime('2024-09-02')
const simulate = (o: Partial<SimulationOptions> = {}): SimulatedDay[] => [
  ...simulateCity({ seed: 11, stations: 60, from: FROM, days: 2, timezone: 'America/New_York', ...o }),
]

/** Rows of named columns as objects. */
function rowsOf(columns: readonly Column[]): Record<string, string | number | boolean | null>[] {
  const count = columns[0]?.values.length ?? 0
  return Array.from({ length: count }, (_, n) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[n] ?? null])),
  )
}
const statusOf = (days: readonly SimulatedDay[]) => days.flatMap((day) => rowsOf(day.status))
const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

describe('a simulated recording', () => {
  it('is the same for the same options, to the last value, and another for another seed', () => {
    const digest = (days: SimulatedDay[]): string =>
      sha256(
        JSON.stringify(
          days.flatMap((day) =>
            [...day.status, ...day.information, ...day.weather].map(({ name, values }) => [
              name,
              Array.from(values),
            ]),
          ),
        ),
      )
    const first = digest(simulate())
    expect(digest(simulate())).toBe(first)
    expect(digest(simulate({ seed: 12 }))).not.toBe(first)
    // A change of this value is a change of what every seed means.
    expect(first.slice(0, 16)).toBe('55ad27066081aa3d')
  })

  it('has a snapshot for each slot in time for the rule of the state, in order', () => {
    for (const day of simulate({ faults: false })) {
      const times = [...new Set(rowsOf(day.status).map((row) => number(row['last_updated'])))]
      expect(times).toHaveLength(288)
      expect(day.snapshots).toBe(288)
      times.forEach((time, k) => {
        const slot = day.from + (k + 1) * 300
        expect(slot - time).toBeLessThanOrEqual(32)
        expect(slot - time).toBeGreaterThanOrEqual(-4)
        expect(time).toBeLessThan(day.to)
      })
      expect(new Set(times.map((time) => time % 300)).size).toBeGreaterThan(10)
    }
  })

  it('without faults lists every station once, in order, with counts that add up to its docks', () => {
    const days = simulate({ faults: false, knobs: { closures: 0 } })
    const docks = new Map(
      days.flatMap((day) => rowsOf(day.information)).map((row) => [row['station_id'], row['capacity']]),
    )
    expect(docks.size).toBe(60)
    const rows = statusOf(days)
    const keys = rows.map((row) => `${number(row['last_updated'])}/${String(row['station_id'])}`)
    expect(keys.every((key, n) => n === 0 || key > (keys[n - 1] ?? ''))).toBe(true)
    const wrong = rows.filter((row) => {
      const sum = ['num_bikes_available', 'num_docks_available', 'num_bikes_disabled', 'num_docks_disabled']
        .map((name) => number(row[name]))
        .reduce((a, b) => a + b, 0)
      const open = row['is_installed'] === true && row['is_renting'] === true && row['is_returning'] === true
      const age = number(row['last_updated']) - number(row['last_reported'])
      const electric = number(row['num_ebikes_available']) <= number(row['num_bikes_available'])
      return !open || !electric || sum !== docks.get(row['station_id']) || age <= 0 || age > 600
    })
    expect(wrong).toEqual([])
  })

  it('shows each fault of real feeds at about its rate', () => {
    const days = simulate({
      days: 12,
      faults: { ...REAL_FAULTS, listedTwice: 0.05, hugeDocks: 0.02, capacityZero: 0.02 },
    })
    const rows = statusOf(days)
    const information = days.flatMap((day) => rowsOf(day.information))
    const snapshots = days.reduce((sum, day) => sum + day.snapshots, 0)
    const share = (test: (row: (typeof rows)[number]) => boolean): number =>
      rows.filter(test).length / rows.length

    const seen = new Map<string, number>()
    for (const row of rows) {
      const key = `${number(row['last_updated'])}/${String(row['station_id'])}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    const twice = [...seen.values()].filter((times) => times === 2).length / snapshots
    expect(twice).toBeGreaterThan(0.02)
    expect(twice).toBeLessThan(0.08)
    const huge = rows.filter((row) => row['num_docks_available'] === 999_999).length / snapshots
    expect(huge).toBeGreaterThan(0.008)
    expect(huge).toBeLessThan(0.04)
    expect(share((row) => row['last_reported'] === 86_400)).toBeCloseTo(1 / 64, 2)
    expect(share((row) => row['is_installed'] === false)).toBeGreaterThan(0.01)
    const empty = (row: (typeof rows)[number]): boolean =>
      row['is_renting'] === true && row['num_bikes_available'] === 0 && row['num_docks_available'] === 0
    expect(share(empty)).toBeGreaterThan(0.01)
    expect(information.some((row) => row['capacity'] === 0)).toBe(true)

    const inStatus = new Set(rows.map((row) => row['station_id']))
    const inInformation = new Set(information.map((row) => row['station_id']))
    expect([...inStatus].filter((id) => !inInformation.has(id))).toHaveLength(1)
    expect([...inInformation].filter((id) => !inStatus.has(id))).toHaveLength(1)
    expect(snapshots).toBeLessThan(12 * 288)
    expect(snapshots).toBeGreaterThan(0.93 * 12 * 288)
  })

  it('has counts above the capacity that the information names on some 2 % of the rows', () => {
    const days = simulate({ stations: 250, days: 1, faults: { capacityTooLow: REAL_FAULTS.capacityTooLow } })
    const docks = new Map(
      days
        .flatMap((day) => rowsOf(day.information))
        .map((row) => [row['station_id'], number(row['capacity'])]),
    )
    const above = statusOf(days).filter(
      (row) =>
        number(row['num_bikes_available']) +
          number(row['num_docks_available']) +
          number(row['num_bikes_disabled']) +
          number(row['num_docks_disabled']) >
        (docks.get(row['station_id']) ?? Infinity),
    )
    const share = above.length / (days[0]?.statusRows ?? 1)
    expect(share).toBeGreaterThan(0.008)
    expect(share).toBeLessThan(0.04)
  })

  it('has its larger gaps in the evening rush', () => {
    const days = simulate({ stations: 10, days: 120, faults: { gaps: 2 } })
    const times = days.flatMap((day) => [
      ...new Set(rowsOf(day.status).map((row) => number(row['last_updated']))),
    ])
    const gaps = times.slice(1).flatMap((time, k) => {
      const length = time - (times[k] ?? time)
      return length > 1800 ? [{ length, hour: (((times[k] ?? 0) - 4 * 3600) % DAY_SECONDS) / 3600 }] : []
    })
    const rush = gaps.filter(({ hour }) => hour >= 16 && hour < 19).length
    expect(gaps.length).toBeGreaterThan(60)
    expect(rush / gaps.length).toBeGreaterThan(0.35)
    expect(Math.max(...gaps.map(({ length }) => length))).toBeLessThan(3 * 3600)
  })

  it('says when a station’s docks change, and never before it has shown it', () => {
    const days = simulate({ days: 6, faults: false, knobs: { closures: 1 } })
    const versions = days.flatMap((day) => rowsOf(day.information))
    expect(versions.length).toBeGreaterThan(60)
    const snapshots = new Set(statusOf(days).map((row) => row['last_updated']))
    expect(versions.every((row) => snapshots.has(row['valid_from']))).toBe(true)
  })

  it('comes in days of their own hours of weather', () => {
    for (const day of simulate()) {
      const valid = rowsOf(day.weather).map((row) => number(row['valid_at']))
      expect(valid).toEqual(Array.from({ length: 24 }, (_, hour) => day.from + hour * 3600))
    }
  })

  it('stops when it is told to, and refuses what it cannot simulate', () => {
    const signal = AbortSignal.abort()
    expect(() => simulate({ signal })).toThrow(/stopped/)
    expect(() => simulate({ days: 0 })).toThrow(/0 days/)
    expect(() => simulate({ stepSeconds: 90 })).toThrow(/90 seconds/)
  })
})

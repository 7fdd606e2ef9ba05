import { describe, expect, it } from 'vitest'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { seededRandom } from '../../../core/seeded-random.ts'
import { frozenStations, type Activity } from './frozen.ts'

/** A Monday. */
const FROM = Date.UTC(2024, 8, 2) / 1000
const DAYS = 17
const STATIONS = 100
const kindOf = (hour: EpochSeconds): { hour: number; weekend: boolean } => ({
  hour: (hour / HOUR_SECONDS) % 24,
  weekend: Math.floor((hour - FROM) / DAY_SECONDS) % 7 >= 5,
})

/** Stations that are busy by day and nearly still by night; every fourth is small. `still` says who stands still, and when. */
function city(
  still: (station: number, hour: EpochSeconds) => boolean = () => false,
  until = FROM + DAYS * DAY_SECONDS,
): Activity {
  const random = seededRandom(11)
  return new Map(
    Array.from({ length: STATIONS }, (_, station) => {
      const hours = new Map<EpochSeconds, boolean>()
      for (let hour = FROM; hour < FROM + DAYS * DAY_SECONDS; hour += HOUR_SECONDS) {
        const day = kindOf(hour).hour >= 7 && kindOf(hour).hour < 22
        const changed = random() < (station % 4 === 0 ? 0.08 : day ? 0.7 : 0.05)
        if (hour < until) hours.set(hour, changed && !still(station, hour))
      }
      return [`s${station}`, hours] as const
    }),
  )
}
const judge = (activity: Activity, at: EpochSeconds): ReturnType<typeof frozenStations> =>
  frozenStations(activity, at - DAY_SECONDS, kindOf)

describe('frozen stations', () => {
  it('are none in a quiet city at any hour, and small ones are not judged', () => {
    for (let at = FROM + 15 * DAY_SECONDS; at <= FROM + DAYS * DAY_SECONDS; at += 5 * HOUR_SECONDS) {
      const { judged, frozen } = judge(city(undefined, at), at)
      expect(frozen).toEqual([])
      expect(judged).toBe(75)
    }
  })

  it('are those that stand still through their busy hours', () => {
    const since = FROM + 16 * DAY_SECONDS
    const { share, frozen } = judge(
      city((station, hour) => station % 5 === 1 && hour >= since),
      since + DAY_SECONDS,
    )
    expect(share).toBeCloseTo(0.2, 2)
    expect(frozen.every(({ station_id }) => Number(station_id.slice(1)) % 5 === 1)).toBe(true)
    expect(frozen[0]?.since).toBeLessThanOrEqual(since)
  })

  it('are not told by night', () => {
    const at = FROM + 16 * DAY_SECONDS + 6 * HOUR_SECONDS
    const night = FROM + 16 * DAY_SECONDS
    expect(
      judge(
        city((_, hour) => hour >= night, at),
        at,
      ).frozen,
    ).toEqual([])
  })

  it('are nearly all when the whole feed stands still, though a quiet day alone is none', () => {
    const at = FROM + DAYS * DAY_SECONDS
    expect(
      judge(
        city((_, hour) => hour >= at - DAY_SECONDS),
        at,
      ).share,
    ).toBe(1)
    const random = seededRandom(3)
    const rain = city((_, hour) => hour >= at - DAY_SECONDS && random() < 0.4)
    expect(judge(rain, at).share).toBeLessThan(0.05)
  })

  it('are told though they are the most', () => {
    const since = FROM + 16 * DAY_SECONDS
    const { share } = judge(
      city((station, hour) => station % 3 !== 1 && hour >= since),
      since + DAY_SECONDS,
    )
    expect(share).toBeGreaterThan(0.5)
  })

  it('have no share where nobody can be judged', () => {
    expect(frozenStations(new Map(), FROM, kindOf)).toEqual({ judged: 0, frozen: [], share: null })
  })
})

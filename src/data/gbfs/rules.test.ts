import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StatusSnapshot } from '../../core/contracts/station.ts'
import {
  collectInformation,
  collectStatus,
  judgeBatch,
  judgeInformation,
  judgeStatus,
  type StatusRecord,
} from './rules.ts'

const good: StatusRecord = {
  station_id: 's1',
  num_bikes_available: 5,
  num_docks_available: 10,
  num_bikes_disabled: 1,
  num_docks_disabled: 0,
  num_ebikes_available: 2,
  is_installed: 1,
  is_renting: true,
  is_returning: 0,
  last_reported: 1_700_000_000,
}

describe('the station rules of a status', () => {
  it('take a station whose counts are numbers, bigints or whole numbers as text', () => {
    const judged = judgeStatus({
      ...good,
      num_bikes_available: '5',
      num_docks_available: 10n,
      is_renting: 'true',
    })
    expect(judged).toEqual({
      station_id: 's1',
      num_bikes_available: 5,
      num_docks_available: 10,
      num_bikes_disabled: 1,
      num_docks_disabled: 0,
      num_ebikes_available: 2,
      is_installed: true,
      is_renting: true,
      is_returning: false,
      last_reported: 1_700_000_000,
    })
  })

  it('leave the counts that a feed need not have at null', () => {
    const judged = judgeStatus({
      ...good,
      num_bikes_disabled: undefined,
      num_docks_disabled: null,
      num_ebikes_available: undefined,
    })
    expect(judged).toMatchObject({
      num_bikes_disabled: null,
      num_docks_disabled: null,
      num_ebikes_available: null,
    })
  })

  it('take an id given as a number by its decimal text', () => {
    expect(judgeStatus({ ...good, station_id: 213_688_169 })).toMatchObject({ station_id: '213688169' })
  })

  it.each([
    ['count_out_of_range', { num_bikes_available: -1 }],
    ['count_out_of_range', { num_bikes_available: 2001 }],
    ['count_out_of_range', { num_docks_available: 999_999 }],
    ['count_out_of_range', { num_docks_available: 1e300 }],
    ['count_out_of_range', { num_ebikes_available: '-3' }],
    ['malformed', { num_bikes_available: 2.5 }],
    ['malformed', { num_bikes_available: '2.5' }],
    ['malformed', { num_bikes_available: 'a dozen' }],
    ['malformed', { num_bikes_available: Number.NaN }],
    ['malformed', { num_bikes_available: null }],
    ['malformed', { num_docks_available: undefined }],
    ['malformed', { num_docks_disabled: [] }],
    ['malformed', { is_installed: undefined }],
    ['malformed', { is_renting: 2 }],
    ['malformed', { is_returning: 'yes' }],
    ['last_reported_invalid', { last_reported: undefined }],
    ['last_reported_invalid', { last_reported: 0 }],
    ['last_reported_invalid', { last_reported: -5 }],
    ['last_reported_invalid', { last_reported: 1_700_000_000_000 }],
    ['last_reported_invalid', { last_reported: '2023-07-17T13:34:13' }],
    ['last_reported_invalid', { last_reported: 'yesterday' }],
    ['missing_station_id', { station_id: undefined }],
    ['missing_station_id', { station_id: '' }],
    ['malformed', { station_id: 'x'.repeat(129) }],
    ['malformed', { station_id: 'x'.repeat(10_000_000) }],
    ['malformed', { station_id: 'a\u0000b' }],
    ['malformed', { station_id: 'a\u202Eb' }],
    ['malformed', { station_id: 'a\u200Bb' }],
    ['malformed', { station_id: ' a' }],
    ['malformed', { station_id: '\uD83D' }],
    ['malformed', { station_id: '__proto__' }],
    ['malformed', { station_id: {} }],
    ['malformed', { station_id: 1.5 }],
  ])('set a station aside as %s for %o', (reason, change) => {
    const judged = judgeStatus({ ...good, ...change })
    expect(judged).toMatchObject({ reason })
    expect(JSON.stringify(judged).length).toBeLessThan(400)
  })

  it('keep a station that reported long ago, or on the first day of 1970: it is stale, not invalid', () => {
    expect(judgeStatus({ ...good, last_reported: 86_400 })).toMatchObject({ last_reported: 86_400 })
  })

  it('take ids in any script, with spaces inside', () => {
    for (const id of ['Rue de l’Église 5', 'תחנה-5', '駅 前', 'nyc:123/a', '🚲']) {
      expect(judgeStatus({ ...good, station_id: id })).toMatchObject({
        station_id: id,
        num_bikes_available: 5,
      })
    }
  })
})

describe('the station rules of an information entry', () => {
  const place = { station_id: 's1', name: 'A', lat: 40.7, lon: -74, capacity: 20 }

  it.each([
    ['position_invalid', { lat: 0, lon: 0 }],
    ['position_invalid', { lat: 91 }],
    ['position_invalid', { lon: -180.5 }],
    ['position_invalid', { lat: null }],
    ['position_invalid', { lat: Number.NaN }],
    ['position_invalid', { lon: '40,5' }],
    ['capacity_invalid', { capacity: -1 }],
    ['capacity_invalid', { capacity: 999_999 }],
    ['capacity_invalid', { capacity: 'many' }],
    ['missing_station_id', { station_id: null }],
  ])('set an entry aside as %s for %o', (reason, change) => {
    expect(judgeInformation({ ...place, ...change })).toMatchObject({ reason })
  })

  it('take positions as text, capacity 0 and no capacity', () => {
    expect(judgeInformation({ ...place, lat: '40.5', lon: '-74' })).toMatchObject({ lat: 40.5, lon: -74 })
    expect(judgeInformation({ ...place, capacity: 0 })).toMatchObject({ capacity: 0 })
    expect(judgeInformation({ ...place, capacity: undefined })).toMatchObject({ capacity: null })
  })

  it('take a place on the equator or the prime meridian', () => {
    expect(judgeInformation({ ...place, lat: 0, lon: 10 })).toMatchObject({ lat: 0, lon: 10 })
    expect(judgeInformation({ ...place, lat: 51.5, lon: 0 })).toMatchObject({ lat: 51.5, lon: 0 })
  })

  it('clean and cut names, and fall back to the id', () => {
    expect(judgeInformation({ ...place, name: 'Main\u0000 St\n\u202E5' })).toMatchObject({
      name: 'Main St 5',
    })
    expect(judgeInformation({ ...place, name: 'x'.repeat(1_000_000) })).toMatchObject({
      name: 'x'.repeat(200),
    })
    expect(judgeInformation({ ...place, name: ' \u0007 ' })).toMatchObject({ name: 's1' })
    expect(judgeInformation({ ...place, name: 'תחנה 🚲', region_id: 71 })).toMatchObject({
      name: 'תחנה 🚲',
      region_id: '71',
    })
  })
})

describe('collecting stations', () => {
  it('keeps the newest report of an id listed twice and sets the other aside', () => {
    const { stations, quarantined } = collectStatus([
      { ...good, station_id: 'b' },
      { ...good, last_reported: 10, num_bikes_available: 1 },
      { ...good, last_reported: 30, num_bikes_available: 3 },
      { ...good, last_reported: 20, num_bikes_available: 2 },
    ])
    expect(stations.map((s) => [s.station_id, s.num_bikes_available])).toEqual([
      ['b', 5],
      ['s1', 3],
    ])
    expect(quarantined).toEqual([
      { station_id: 's1', reason: 'duplicate_station_id', detail: 'listed twice, last_reported 10' },
      { station_id: 's1', reason: 'duplicate_station_id', detail: 'listed twice, last_reported 20' },
    ])
  })

  it('lets a valid entry of an id stand beside one that was set aside', () => {
    const { stations, quarantined } = collectStatus([{ ...good, num_bikes_available: -1 }, good])
    expect([stations.length, quarantined.length]).toEqual([1, 1])
  })

  it('does not depend on the order of the records', () => {
    const record = fc.record({
      station_id: fc.constantFrom('a', 'b', 'c', 'd', '', undefined),
      num_bikes_available: fc.integer({ min: -1, max: 3 }),
      num_docks_available: fc.constant(4),
      is_installed: fc.boolean(),
      is_renting: fc.boolean(),
      is_returning: fc.constant(1),
      last_reported: fc.integer({ min: -1, max: 3 }),
    })
    const pair = fc
      .array(record, { maxLength: 12 })
      .chain((records) =>
        fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
      )
    fc.assert(
      fc.property(pair, ([records, shuffled]) => {
        expect(collectStatus(shuffled)).toEqual(collectStatus(records))
      }),
    )
  })

  it('accounts for every record exactly once', () => {
    const place = fc.record({
      station_id: fc.constantFrom('a', 'b', 'c', undefined),
      lat: fc.integer({ min: -95, max: 95 }),
      lon: fc.constant(1),
    })
    fc.assert(
      fc.property(fc.array(place), (records) => {
        const { stations, quarantined } = collectInformation(records)
        expect(stations.length + quarantined.length).toBe(records.length)
      }),
    )
  })
})

describe('the batch rules', () => {
  const batch = (valid: number, aside: number, stale = 0): StatusSnapshot => {
    const at = 1_700_000_000
    const records = Array.from({ length: valid }, (_, i) => ({
      ...good,
      station_id: `s${i}`,
      last_reported: i < stale ? at - 6 * 3600 - 1 : at - 6 * 3600,
    }))
    const broken = Array.from({ length: aside }, (_, i) => ({
      ...good,
      station_id: `x${i}`,
      last_reported: 0,
    }))
    return { last_updated: at, ttl: 60, version: '2.3', ...collectStatus([...records, ...broken]) }
  }

  it('take ten valid stations, a fifth set aside and a fifth stale, and refuse one more of each', () => {
    expect(judgeBatch(batch(10, 0))).toBeUndefined()
    expect(judgeBatch(batch(9, 0))?.reason).toBe('too_few_stations')
    expect(judgeBatch(batch(80, 20))).toBeUndefined()
    expect(judgeBatch(batch(79, 20))?.reason).toBe('too_many_quarantined')
    expect(judgeBatch(batch(100, 0, 20))).toBeUndefined()
    expect(judgeBatch(batch(100, 0, 21))?.reason).toBe('too_many_stale')
  })

  it('say how many of what', () => {
    expect(judgeBatch(batch(70, 30))?.detail).toBe('30 of 100 stations set aside (30 last_reported_invalid)')
    expect(judgeBatch(batch(0, 0))?.detail).toBe('0 valid stations (0 set aside), at least 10 needed')
    expect(judgeBatch(batch(10, 0, 10))?.detail).toBe('10 of 10 stations have not reported for more than 6 h')
  })
})

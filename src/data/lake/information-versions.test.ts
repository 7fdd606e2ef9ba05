import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { informationOf } from '../../../test/support/lake-fixtures.ts'
import { changesIn, versionAt, type InformationVersion } from './information-versions.ts'

const [BASE] = informationOf()

/** Versions of three stations at distinct times, in any order. */
const versions = fc
  .uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c'), at: fc.nat(30), capacity: fc.nat(2) }), {
    selector: ({ id, at }) => `${id}${at}`,
  })
  .map((list) =>
    list.map(({ id, at, capacity }): InformationVersion => ({
      station_id: id,
      name: BASE?.name ?? '',
      short_name: null,
      lat: 1,
      lon: 1,
      capacity,
      region_id: null,
      valid_from: at,
    })),
  )

const byStation = (list: readonly InformationVersion[]): Map<string, InformationVersion[]> => {
  const map = new Map<string, InformationVersion[]>()
  for (const version of [...list].sort((a, b) => a.valid_from - b.valid_from))
    map.set(version.station_id, [...(map.get(version.station_id) ?? []), version])
  return map
}
const inOrder = (list: readonly InformationVersion[]): InformationVersion[] =>
  [...list].sort((a, b) => a.valid_from - b.valid_from || (a.station_id < b.station_id ? -1 : 1))

describe('versions of information', () => {
  it('say at every time what all that was seen says', () => {
    fc.assert(
      fc.property(versions, fc.nat(31), (seen, at) => {
        const kept = byStation(changesIn(new Map(), seen))
        for (const [id, all] of byStation(seen))
          expect(versionAt(kept.get(id), at)?.capacity).toBe(versionAt(all, at)?.capacity)
      }),
    )
  })

  it('are the same in whatever order they were seen', () => {
    fc.assert(
      fc.property(
        versions.chain((seen) =>
          fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
        ),
        ([seen, shuffled]) => {
          expect(inOrder(changesIn(new Map(), shuffled))).toEqual(inOrder(changesIn(new Map(), seen)))
        },
      ),
    )
  })

  it('end the same when a part of them was written before', () => {
    fc.assert(
      fc.property(versions, fc.nat(31), (seen, until) => {
        const whole = changesIn(new Map(), seen)
        const part = whole.filter((version) => version.valid_from < until)
        const rest = changesIn(byStation(part), seen)
        expect(inOrder([...part, ...rest])).toEqual(inOrder(whole))
      }),
    )
  })
})

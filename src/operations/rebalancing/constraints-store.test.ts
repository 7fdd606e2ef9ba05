import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import type { ConstraintsInput } from '../../core/contracts/plan.ts'
import { checkConstraints, NO_CONSTRAINTS, readConstraints, writeConstraints } from './constraints-store.ts'

const INPUT: ConstraintsInput = {
  depots: [{ id: 'north', name: 'North yard', lat: 40.7, lon: -74 }],
  crews: [{ id: 'ann', depot: 'north', capacity: 12, shift_minutes: null, active: true }],
  closed_stations: [{ station_id: 's1', why: 'works' }],
}

describe('constraints', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  it('are none until they are set, and then as they were set', async () => {
    expect(await readConstraints(platform.store)).toEqual({ constraints: NO_CONSTRAINTS, etag: null })
    const set = await writeConstraints(platform.store, INPUT, { by: 'ann', now: 5, etag: null })
    expect(set.constraints).toEqual({ constraints_version: 1, updated_at: 5, by: 'ann', ...INPUT })
    expect(await readConstraints(platform.store)).toEqual(set)
  })

  it('of two who set them at once, one is told', async () => {
    const outcomes = await Promise.allSettled(
      ['ann', 'bob'].map((by) => writeConstraints(platform.store, INPUT, { by, now: 5, etag: null })),
    )
    const lost = outcomes.filter((one) => one.status === 'rejected')
    expect(lost).toHaveLength(1)
    expect(lost[0]?.reason).toMatchObject({ code: 'WRITE_CONFLICT' })
  })

  it('that are damaged are said to be', async () => {
    await platform.store.put('plans/constraints.json', '{"depots": 7}')
    await expect(readConstraints(platform.store)).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  const hostile: readonly [string, unknown][] = [
    ['nothing', null],
    ['a list', []],
    ['a crew of no depot', { ...INPUT, depots: [] }],
    ['a depot twice', { ...INPUT, depots: [INPUT.depots[0], INPUT.depots[0]] }],
    ['a depot in space', { ...INPUT, depots: [{ ...INPUT.depots[0], lat: 1e9 }] }],
    ['a truck for -3 bikes', { ...INPUT, crews: [{ ...INPUT.crews[0], capacity: -3 }] }],
    ['a shift of half a minute', { ...INPUT, crews: [{ ...INPUT.crews[0], shift_minutes: 0.5 }] }],
    ['an unknown key', { ...INPUT, __proto__x: 1 }],
    [
      'a million stations',
      {
        ...INPUT,
        closed_stations: Array.from({ length: 5001 }, (_, n) => ({ station_id: `s${n}`, why: '' })),
      },
    ],
  ]
  it.each(hostile)('%s is refused', (_what, input) => {
    expect(() => checkConstraints(input)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

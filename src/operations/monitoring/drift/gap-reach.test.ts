import { describe, expect, it } from 'vitest'
import { STATION_STATE_FEATURES } from '../../../core/contracts/features.ts'
import { gapReach } from './gap-reach.ts'

const NOON = 1_715_688_000
const MINUTE = 60
/** Snapshots every five minutes, but for a gap. */
const times = (gapFrom: number, gapTo: number): number[] =>
  Array.from({ length: 60 }, (_, i) => NOON - 150 * MINUTE + i * 300 - 20).filter(
    (at) => at <= gapFrom || at >= gapTo,
  )
const missing = (slot: number, snapshots: readonly number[]): string[] =>
  STATION_STATE_FEATURES.filter((_, i) => gapReach(snapshots)(slot)[i])

describe('what a gap explains', () => {
  it('is nothing without one', () => {
    expect(missing(NOON, times(NOON + 1, NOON))).toEqual([])
  })

  it('is the features that look back into it', () => {
    const snapshots = times(NOON - 61 * MINUTE, NOON - 31 * MINUTE)
    // From 16 minutes after the last snapshot on, nothing is known until the next.
    expect(missing(NOON, snapshots)).toEqual([])
    expect(missing(NOON + 20 * MINUTE, snapshots)).toEqual(['roll60_net_bikes'])
    expect(missing(NOON - 30 * MINUTE, snapshots)).toEqual([
      'delta_bikes_5m',
      'delta_docks_5m',
      'roll15_net_bikes',
      'roll15_bikes_mean',
      'roll30_bikes_mean',
    ])
  })
})

import { exp } from './arithmetic.ts'

/** Why a trip is made. Two pairs lead there and back; errands are their own way back. */
export const PURPOSES = ['toWork', 'toHome', 'out', 'back', 'errand'] as const

/** The reason of a trip. */
export type Purpose = (typeof PURPOSES)[number]

/** Blocks of 15 minutes in a day, the grain of demand. */
export const BLOCKS_A_DAY = 96
/** Length of a block of demand. */
export const BLOCK_MINUTES = 15

/** A bump of demand: local hour of its top, width (standard deviation) in hours, share of the purpose. */
type Bump = readonly [hour: number, width: number, share: number]

/**
 * Trips of a purpose per local day relative to one dry weekday's trips of all purposes, and when they are made. The
 * shapes follow the daily curves of the recordings: two rushes on working days, one broad afternoon on free ones.
 */
const DAYS: Readonly<
  Record<'working' | 'free', Readonly<Record<Purpose, { share: number; bumps: readonly Bump[] }>>>
> = {
  working: {
    toWork: {
      share: 0.24,
      bumps: [
        [8.3, 0.7, 0.85],
        [10, 1.2, 0.15],
      ],
    },
    toHome: {
      share: 0.24,
      bumps: [
        [17.6, 1, 0.85],
        [15, 1.5, 0.15],
      ],
    },
    out: {
      share: 0.12,
      bumps: [
        [12.3, 1.8, 0.45],
        [18.8, 1.5, 0.55],
      ],
    },
    back: {
      share: 0.12,
      bumps: [
        [13.8, 1.9, 0.4],
        [21.2, 1.5, 0.6],
      ],
    },
    errand: {
      share: 0.28,
      bumps: [
        [8.6, 1.2, 0.17],
        [13, 3, 0.4],
        [18.6, 2.3, 0.4],
        [23.5, 1.7, 0.03],
      ],
    },
  },
  free: {
    toWork: { share: 0.04, bumps: [[10, 1.8, 1]] },
    toHome: { share: 0.04, bumps: [[17.5, 2.2, 1]] },
    out: {
      share: 0.24,
      bumps: [
        [12.3, 2, 0.7],
        [19, 1.5, 0.3],
      ],
    },
    back: {
      share: 0.24,
      bumps: [
        [16.3, 2.2, 0.75],
        [22, 1.5, 0.25],
      ],
    },
    errand: {
      share: 0.32,
      bumps: [
        [14.3, 3.4, 0.96],
        [24.5, 1.2, 0.04],
      ],
    },
  },
}

/** Share of a weekday's trips that purpose `purpose` makes in each of the 96 blocks of a working or free local day. */
export function profileOf(purpose: Purpose, free: boolean): Float64Array {
  const { share, bumps } = DAYS[free ? 'free' : 'working'][purpose]
  const blocks = new Float64Array(BLOCKS_A_DAY)
  for (const [hour, width, part] of bumps) {
    const bump = new Float64Array(BLOCKS_A_DAY)
    for (let block = 0; block < BLOCKS_A_DAY; block++) {
      // The day before and the day after reach over midnight.
      for (const day of [-24, 0, 24]) {
        const z = ((block + 0.5) / 4 + day - hour) / width
        if (z * z < 200) bump[block] = (bump[block] ?? 0) + exp((-z * z) / 2)
      }
    }
    const total = bump.reduce((sum, x) => sum + x, 0)
    for (let block = 0; block < BLOCKS_A_DAY; block++) {
      blocks[block] = (blocks[block] ?? 0) + (share * part * (bump[block] ?? 0)) / total
    }
  }
  return blocks
}

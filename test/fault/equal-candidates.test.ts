import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BATCH_SECONDS, DAY_SECONDS } from '../../src/core/time.ts'
import { ALPHA } from '../../src/operations/release/judge/evidence.ts'
import { drawRelease } from '../support/drawn-releases.ts'
import { makeScoredCity, meanLoss, type ScoredSlot } from '../support/scored-city.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const RELEASES = 40
const SEEDS = 4
/** A release is looked at for twelve hours, after every batch. */
const BATCHES = DAY_SECONDS / 2 / BATCH_SECONDS

let folder: string
let slots: readonly ScoredSlot[]
let usual: number
const told: string[] = []
beforeAll(async () => {
  folder = await makeTempDir()
  const city = await makeScoredCity(folder, {
    stations: 100,
    trainDays: 5,
    poolDays: 4,
    seeds: SEEDS,
    params: { num_round: 40, max_depth: 5, eta: 0.15 },
  })
  slots = city.slots
  usual = city.usualLoss
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  process.stdout.write(`${told.join('\n')}\n`)
})

/** The most that chance has of `trials` in all but one of a thousand cases. */
function mostByChance(trials: number, rate: number): number {
  let chance = (1 - rate) ** trials
  let [most, sum] = [0, chance]
  while (sum < 0.999) {
    chance *= ((trials - most) / (most + 1)) * (rate / (1 - rate))
    sum += chance
    most++
  }
  return most
}

describe('promotions of an equally good model', () => {
  it.each([0.1, 0.5, 'shadow'] as const)(
    'with a share of %s are not taken back more often than stated',
    (share) => {
      const outcomes = Array.from({ length: RELEASES }, (_, release) => {
        const baseline = release % SEEDS
        const candidate = (baseline + 1 + (Math.floor(release / SEEDS) % (SEEDS - 1))) % SEEDS
        const from = (release * 37) % (slots.length - BATCHES)
        return drawRelease(slots.slice(from, from + BATCHES), {
          baseline: `seed ${baseline + 1}`,
          candidate: `seed ${candidate + 1}`,
          share,
          seed: release + 1,
          usualLoss: usual,
        })
      })
      const wrong = outcomes.filter(({ worse }) => worse).length
      const most = mostByChance(RELEASES, ALPHA)
      told.push(
        `${RELEASES} equal candidates, share ${share}: ${wrong} taken back; a rate of ${ALPHA} explains ${most}`,
      )
      expect(wrong).toBeLessThanOrEqual(most)
    },
  )

  it('are of models that are equally good indeed', () => {
    const losses = Array.from({ length: SEEDS }, (_, seed) => meanLoss(slots, `seed ${seed + 1}`))
    expect(Math.max(...losses) / Math.min(...losses)).toBeLessThan(1.05)
  })

  it('are judged by what finds one that is worse', () => {
    expect(meanLoss(slots, 'permuted features')).toBeGreaterThan(1.5 * meanLoss(slots, 'seed 1'))
    const found = drawRelease(slots.slice(0, BATCHES), {
      baseline: 'seed 1',
      candidate: 'permuted features',
      share: 0.1,
      seed: 1,
      usualLoss: usual,
    })
    expect(found.worse).toBe(true)
  })
})

import { join } from 'node:path'
import { BATCH_SECONDS, DAY_SECONDS } from '../../src/core/time.ts'
import { ALPHA } from '../../src/operations/release/judge/evidence.ts'
import { drawRelease, type DrawnRelease } from '../../test/support/drawn-releases.ts'
import {
  makeScoredCity,
  meanLoss,
  OLD_STATES,
  type ScoredCity,
  type ScoredCityOptions,
} from '../../test/support/scored-city.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'

const SHARES = [0.1, 0.25, 0.5, 'shadow'] as const
/** A release is looked at for a day, after every batch. */
const BATCHES = DAY_SECONDS / BATCH_SECONDS
/** Candidates from hardly worse to useless. */
const WORSE = [...OLD_STATES.map(({ name }) => name), 'hardly trained', 'permuted features']
const PARAMS = { num_round: 80, eta: 0.1 }
type PowerCity = ScoredCityOptions & {
  /** Releases of an equally good candidate, and of each that is worse, by strategy. */
  readonly equal: number
  readonly worse: number
}

const CITIES: readonly PowerCity[] = [
  { stations: 250, trainDays: 8, poolDays: 14, seeds: 6, params: PARAMS, equal: 400, worse: 60 },
  { stations: 2200, trainDays: 3, poolDays: 6, seeds: 4, params: PARAMS, equal: 200, worse: 20 },
]

/**
 * Releases as chance might have them, judged by the code that judges real ones: how often a candidate that is as good is
 * taken back, and how soon one that is worse. Scores are of trained models on a simulated city. The tables go to stderr; they
 * stand in docs/release.md.
 */
export async function benchReleasePower(
  { folder }: BenchContext,
  cities: readonly PowerCity[] = CITIES,
): Promise<Measurement> {
  const figures: Record<string, number> = {}
  let releases = 0
  const { seconds } = await timed(async () => {
    for (const size of cities) {
      const city = await makeScoredCity(join(folder, `city-${size.stations}`), size)
      const errors = SHARES.map((share) => {
        const wrong = equalReleases(city, share, size).filter(({ worse }) => worse).length
        releases += size.equal
        figures[`error_rate_${size.stations}_${nameOf(share)}`] = wrong / size.equal
        return `${wrong} of ${size.equal}`
      })
      const rows = WORSE.map((candidate) => {
        const loss = meanLoss(city.slots, candidate) / meanLoss(city.slots, 'seed 1') - 1
        const cells = SHARES.map((share) => {
          const hours = worseReleases(city, candidate, share, size.worse)
          releases += size.worse
          return powerText(hours)
        })
        return [candidate, `${loss > 0 ? '+' : ''}${(100 * loss).toFixed(0)} %`, ...cells]
      })
      const head = ['candidate', 'loss', ...SHARES.map((s) => (s === 'shadow' ? s : `A/B at ${100 * s} %`))]
      print(`${size.stations} stations, one day of watching; rolled back (median hours)`, [
        head,
        ['equally good, taken back', '0 %', ...errors],
        ...rows,
      ])
    }
  })
  return {
    rows: releases,
    row_unit: 'releases',
    seconds,
    peak_rss_mb: peakRssMb(),
    baseline: `stated error rate ${ALPHA}`,
    baseline_seconds: null,
    figures: {
      ...figures,
      highest_error_rate: Math.max(...Object.values(figures)),
    },
  }
}

type Share = (typeof SHARES)[number]

const nameOf = (share: Share): string => (share === 'shadow' ? share : String(100 * share))

/** Every model against every other, on whole days that do not overlap as far as there are such; then again by other chance. */
function equalReleases(
  city: ScoredCity,
  share: Share,
  { seeds, equal }: { readonly seeds: number; readonly equal: number },
): ReturnType<typeof drawRelease>[] {
  const days = Math.floor(city.slots.length / BATCHES)
  return Array.from({ length: equal }, (_, n) => {
    const baseline = Math.floor(n / days) % seeds
    const other = 1 + (Math.floor(n / (days * seeds)) % (seeds - 1))
    return release(city, (n % days) * BATCHES, {
      baseline: `seed ${baseline + 1}`,
      candidate: `seed ${((baseline + other) % seeds) + 1}`,
      share,
      seed: n + 1,
    })
  })
}

/** Hours until it was found, of each of some releases that begin at any time. */
function worseReleases(
  city: ScoredCity,
  candidate: string,
  share: Share,
  most: number,
): (number | undefined)[] {
  return Array.from({ length: most }, (_, n) => {
    const from = (n * 97) % (city.slots.length - BATCHES)
    return release(city, from, { baseline: 'seed 2', candidate, share, seed: n + 1 }).hours
  })
}

function release(city: ScoredCity, from: number, o: Omit<DrawnRelease, 'usualLoss'>) {
  return drawRelease(city.slots.slice(from, from + BATCHES), { ...o, usualLoss: city.usualLoss })
}

function powerText(hours: readonly (number | undefined)[]): string {
  const found = hours.filter((h) => h !== undefined).sort((a, b) => a - b)
  const share = `${Math.round((100 * found.length) / hours.length)} %`
  // Of all of them: those that were not found took longer than any.
  const median = found[Math.ceil(hours.length / 2) - 1]
  return median === undefined ? share : `${share} (${median.toFixed(1)} h)`
}

function print(title: string, [head = [], ...rows]: readonly (readonly string[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  process.stderr.write(`\n${title}\n\n${lines.join('\n')}\n\n`)
}

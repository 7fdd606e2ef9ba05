import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { binCount, binOf, quantileEdges } from '../../src/operations/monitoring/drift/bins.ts'
import { expectedShares, WeekHistogram } from '../../src/operations/monitoring/drift/histograms.ts'
import { psi } from '../../src/operations/monitoring/drift/psi.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

/** Values (null is missing) with the hour of the week of each. */
interface Sample {
  readonly values: (number | null)[]
  readonly hours: number[]
}
interface Case {
  readonly name: string
  readonly training: Sample
  readonly window: Sample
}

function sample(
  rows: number,
  seed: number,
  value: (random: () => number) => number | null,
  hour: (random: () => number) => number,
): Sample {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, () => {
    const drawn = value(random)
    return drawn === null ? null : Math.fround(drawn)
  })
  return { values, hours: values.map(() => hour(random)) }
}

const anyHour = (random: () => number): number => Math.floor(random() * 168)
const shares = (random: () => number): number => Math.round(random() * 20) / 20
const smooth = (random: () => number): number => random() ** 2 - random()
const tied = (random: () => number): number => (random() < 0.9 ? 0 : Math.round((random() - 0.5) * 6))
const holed = (random: () => number): number | null => (random() < 0.2 ? null : random())
const nothing = (): null => null
const constant = (): number => 0.7

const CASES: Case[] = [
  ...[shares, smooth, tied, holed].flatMap((value, i) =>
    [500, 3000, 20_000].map((rows) => ({
      name: `${value.name}, ${rows} rows`,
      training: sample(rows * 2, i + rows, value, anyHour),
      window: sample(rows, i + rows + 1, (random) => (value(random) ?? 0) * 1.1, anyHour),
    })),
  ),
  {
    name: 'a constant that stays',
    training: sample(600, 1, constant, anyHour),
    window: sample(600, 2, constant, anyHour),
  },
  {
    name: 'a constant that moves up',
    training: sample(600, 1, constant, anyHour),
    window: sample(600, 2, shares, anyHour),
  },
  {
    name: 'all missing in training',
    training: sample(600, 1, nothing, anyHour),
    window: sample(600, 2, shares, anyHour),
  },
  {
    name: 'all missing in the window',
    training: sample(600, 1, smooth, anyHour),
    window: sample(600, 2, nothing, anyHour),
  },
  {
    name: 'all missing in both',
    training: sample(600, 1, nothing, anyHour),
    window: sample(600, 2, nothing, anyHour),
  },
  {
    name: 'hours that training never saw',
    training: sample(900, 1, smooth, (r) => Math.floor(r() * 60)),
    window: sample(900, 2, smooth, anyHour),
  },
  {
    name: 'one hour of training',
    training: sample(900, 1, smooth, () => 5),
    window: sample(900, 2, smooth, (r) => 100 + Math.floor(r() * 24)),
  },
  {
    name: 'two values',
    training: sample(700, 3, (r) => (r() < 0.5 ? 0 : 1), anyHour),
    window: sample(700, 4, (r) => (r() < 0.1 ? 0 : 1), anyHour),
  },
]

const valueOf = (value: number | null): number => value ?? Number.NaN

function ours({ training, window }: Case): { edges: number[]; psi: number | null } {
  const edges = quantileEdges(Float32Array.from(training.values, valueOf))
  const histogram = ({ values, hours }: Sample): WeekHistogram => {
    const counts = new WeekHistogram(binCount(edges))
    for (const [i, value] of values.entries()) counts.add(hours[i] ?? 0, binOf(edges, valueOf(value)))
    return counts
  }
  const [before, now] = [histogram(training), histogram(window)]
  const expected = expectedShares(before.counts, now.counts, now.bins)
  return { edges: [...edges], psi: expected && psi(expected, now.total()) }
}

let theirs: { edges: number[]; psi: number }[]
beforeAll(() => {
  const script = join(import.meta.dirname, '../../scripts/python-env.mjs')
  const interpreter = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim()
  const answer = execFileSync(interpreter, [join(import.meta.dirname, 'psi_parity.py')], {
    input: JSON.stringify(CASES),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  theirs = JSON.parse(answer) as { edges: number[]; psi: number }[]
})

describe('beside an independent PSI in numpy', () => {
  it.each(CASES.map((example, i) => ({ name: example.name, example, i })))(
    'bins and index of $name are the same to a billionth',
    ({ example, i }) => {
      const { edges, psi: index } = ours(example)
      expect(edges).toEqual(theirs[i]?.edges)
      expect(index).toBeCloseTo(theirs[i]?.psi ?? Number.NaN, 9)
    },
  )
})

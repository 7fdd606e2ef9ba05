import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluate, fBetaThreshold } from '../../src/model/evaluation/metrics.ts'
import { evaluateSaid } from '../../src/model/evaluation/said.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

interface Case {
  readonly name: string
  readonly labels: number[]
  readonly scores: number[]
  readonly counts: number[]
  readonly threshold: number
  /** Each row's own threshold, by which it was said at the time. */
  readonly thresholds: number[]
}

/** Figures by name; the shape is the script's. */
type Figures = Record<string, number | null | Record<string, number>>

function randomCase(rows: number, seed: number, score: (risk: number) => number): Case {
  const random = seededRandom(seed)
  const risks = Array.from({ length: rows }, () => random() ** 2)
  return {
    name: `${rows} random rows, seed ${seed}`,
    labels: risks.map((risk) => (random() < risk ? 1 : 0)),
    scores: risks.map(score),
    counts: risks.map((risk) => Math.floor((1 - risk) * 15 * random())),
    threshold: Math.ceil(random() * 99) / 100,
    thresholds: risks.map(() => (random() < 0.5 ? 0.15 : 0.4)),
  }
}

const exact = (risk: number): number => risk
const float32 = (risk: number): number => Math.fround(risk)
const tenths = (risk: number): number => Math.round(risk * 10) / 10
const few = (name: string, labels: number[], scores: number[], counts = labels.map(() => 5)): Case => ({
  name,
  labels,
  scores,
  counts,
  threshold: 0.5,
  thresholds: labels.map((_, i) => (i % 2 === 0 ? 0.5 : 0.25)),
})

const CASES: Case[] = [
  ...[exact, float32, tenths].flatMap((score, i) =>
    [1, 2, 3, 10, 99, 1000, 20_000].map((rows) => randomCase(rows, rows + i, score)),
  ),
  few('no positives', [0, 0, 0], [0.1, 0.5, 0.9]),
  few('no negatives', [1, 1, 1], [0.1, 0.5, 0.9]),
  few('one score for all', [1, 0, 1, 0, 0], [0.5, 0.5, 0.5, 0.5, 0.5]),
  few('a perfect order', [1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1]),
  few('the worst order', [0, 0, 1, 1], [0.9, 0.8, 0.2, 0.1]),
  few('zeros and ones', [1, 0, 1, 0], [0, 0, 1, 1]),
  few('nothing predicted', [1, 0], [0.1, 0.2]),
  few('no onset rows', [1, 0, 1], [0.9, 0.1, 0.6], [0, 2, 1]),
  few('onset rows of one class', [1, 0, 0], [0.9, 0.1, 0.6], [0, 5, 4]),
  few('scores a last bit apart', [1, 0, 1, 0], [0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2]),
]

let theirs: Figures[]
beforeAll(() => {
  const script = join(import.meta.dirname, '../../scripts/python-env.mjs')
  const interpreter = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim()
  const answer = execFileSync(interpreter, [join(import.meta.dirname, 'metrics_parity.py')], {
    input: JSON.stringify(CASES),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  theirs = JSON.parse(answer) as Figures[]
})

describe("beside Python's scikit-learn", () => {
  it.each(CASES.map((example, i) => ({ name: example.name, example, i })))(
    'the figures of $name are the same to a billionth',
    ({ example, i }) => {
      const said = example.scores.map((score, row) => (score >= (example.thresholds[row] ?? 0) ? 1 : 0))
      const { f1, precision, recall, confusion, hit_rate, persistence_f1 } = evaluateSaid({
        ...example,
        said,
      })
      const ours: Figures = {
        ...evaluate(example),
        best_threshold: fBetaThreshold(example.labels, example.scores),
        said_f1: f1,
        said_precision: precision,
        said_recall: recall,
        said_confusion: confusion,
        hit_rate,
        persistence_f1,
      }
      const expected = Object.entries(theirs[i] ?? { missing: 0 }).map(([figure, value]) => [
        figure,
        typeof value === 'number' ? expect.closeTo(value, 9) : value,
      ])
      expect(ours).toMatchObject(Object.fromEntries(expected) as Figures)
    },
  )
})

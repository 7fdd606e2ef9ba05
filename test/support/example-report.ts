import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { evaluate } from '../../src/model/evaluation/metrics.ts'
import { chartData, type ReportSubject } from '../../src/model/evaluation/report/subject.ts'
import { exampleManifest } from './example-model.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

/** A report's subject over made-up rows, with some of it replaced. */
export function exampleSubject(changes: Partial<ReportSubject> = {}): ReportSubject {
  const random = seededRandom(11)
  const rows = { labels: new Uint8Array(4000), scores: new Float32Array(4000), counts: new Int32Array(4000) }
  for (let i = 0; i < rows.labels.length; i++) {
    const count = Math.floor(random() * 20)
    const risk = 1 / (1 + Math.exp(1.8 * (count - 2.2) + (random() - 0.5) * 4))
    rows.counts[i] = count
    rows.scores[i] = 0.01 + 0.93 * risk
    rows.labels[i] = random() < risk ? 1 : 0
  }
  const evaluation = evaluate({ ...rows, threshold: 0.15 })
  const { curves, calibration, rule } = chartData(rows)
  const window = { from: 1_714_521_600, to: 1_715_990_400 }
  const total = FEATURE_NAMES.reduce((sum, _name, i) => sum + 1 / (i + 1), 0)
  return {
    model: exampleManifest({ metrics: { train: evaluation, validation: evaluation, test: evaluation } }),
    windows: { train: window, validation: window, test: window },
    rule: { train: rule, validation: rule, test: rule },
    shown: 'test',
    curves,
    calibration,
    importance: FEATURE_NAMES.map((feature, i) => ({
      feature,
      gain: 100 / (i + 1),
      share: 1 / (i + 1) / total,
    })),
    refusals: [],
    ...changes,
  }
}

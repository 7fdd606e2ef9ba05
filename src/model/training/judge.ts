import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import type { Evaluation } from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import type { LoadedModel, Platform } from '../../platform/ports.ts'
import { evaluate, fBetaThreshold } from '../evaluation/metrics.ts'
import { chartData, type FeatureGain, type ReportSubject } from '../evaluation/report/subject.ts'
import type { TrainingPlan } from './plan.ts'
import { scoreRows, type WindowScores } from './score-rows.ts'

/** What judging a fitted model came to: its threshold, figures, and what its report shows. */
export interface Judgement extends Pick<
  ReportSubject,
  'windows' | 'rule' | 'shown' | 'curves' | 'calibration' | 'importance'
> {
  readonly threshold: number
  readonly metrics: {
    readonly train: Evaluation
    readonly validation: Evaluation
    readonly test: Evaluation | null
  }
}

/**
 * Scores all rows of a plan with a fitted model, takes the threshold from validation (F2), and evaluates each set with it
 * beside persistence on the same rows.
 */
export async function judgeModel(
  { scorer, warehouse }: Pick<Platform, 'scorer' | 'warehouse'>,
  model: Uint8Array,
  plan: TrainingPlan,
  { report, signal }: { readonly report: Reporter; readonly signal?: AbortSignal },
): Promise<Judgement> {
  const total = plan.train.range.rows + plan.validation.range.rows + (plan.test?.range.rows ?? 0)
  const progress = report.start('Judging on all rows', total)
  const loaded = await scorer.load(model)
  try {
    const validation = await scoreRows(warehouse, loaded, plan.validation, signal)
    const threshold = fBetaThreshold(validation.labels, validation.scores)
    if (threshold === null)
      throw new OperatorError(
        'CHECK_FAILED',
        'no validation row ran short, so that no threshold can be chosen',
      )
    const judge = (rows: WindowScores) => ({
      evaluation: evaluate({ ...rows, threshold }),
      ...chartData(rows),
    })
    const onValidation = judge(validation)
    progress.update(validation.range.rows)
    const onTrain = judge(await scoreRows(warehouse, loaded, plan.train, signal))
    progress.update(validation.range.rows + plan.train.range.rows)
    const onTest = plan.test ? judge(await scoreRows(warehouse, loaded, plan.test, signal)) : null
    const importance = await importanceOf(loaded)
    progress.end()
    const shown = onTest ?? onValidation
    return {
      threshold,
      metrics: {
        train: onTrain.evaluation,
        validation: onValidation.evaluation,
        test: onTest?.evaluation ?? null,
      },
      windows: {
        train: slots(plan.train),
        validation: slots(plan.validation),
        test: plan.test && slots(plan.test),
      },
      rule: { train: onTrain.rule, validation: onValidation.rule, test: onTest?.rule ?? null },
      shown: onTest ? 'test' : 'validation',
      curves: shown.curves,
      calibration: shown.calibration,
      importance,
    }
  } finally {
    await loaded.close()
  }
}

const slots = ({ range }: TrainingPlan['train']) => ({ from: range.first, to: range.last })

/** Every feature with its share of the total gain, the greatest first, equal ones in the order of the contract. */
async function importanceOf(model: LoadedModel): Promise<FeatureGain[]> {
  const gain = await model.gain()
  const total = Object.values(gain).reduce((sum, value) => sum + value, 0)
  return FEATURE_NAMES.map((feature) => {
    const own = gain[feature] ?? 0
    return { feature, gain: own, share: total === 0 ? 0 : own / total }
  }).sort((a, b) => b.gain - a.gain)
}

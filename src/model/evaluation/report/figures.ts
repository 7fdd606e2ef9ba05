import type { Evaluation } from '../../../core/contracts/manifest.ts'
import { fBetaOf, precisionOf, recallOf, type Confusion } from '../threshold.ts'
import { countText, figureText, shareText } from './text.ts'

/** One figure of a set of rows, beside persistence's on the same rows, and what it means. */
export interface FigureRow {
  readonly name: string
  readonly model: string
  readonly persistence: string
  readonly meaning: string
}

/** The figures of an evaluation for a reader. `rule` is persistence as a yes/no rule on the same rows. */
export function figureRows(evaluation: Evaluation, rule: Confusion | null): FigureRow[] {
  const e = evaluation
  const none = '–'
  const ofRule = (figure: (counts: Confusion) => number | null): string =>
    rule ? figureText(figure(rule)) : none
  const ruleBrier = rule && e.rows > 0 ? figureText((rule.fp + rule.fn) / e.rows, 4) : none
  return [
    {
      name: 'PR-AUC, onset rows',
      model: figureText(e.onset_pr_auc),
      persistence: figureText(e.persistence_onset_pr_auc),
      meaning:
        'Ranking of the stations that still have more than two: the skill that matters. Higher is better.',
    },
    {
      name: 'PR-AUC, all rows',
      model: figureText(e.pr_auc),
      persistence: figureText(e.persistence_pr_auc),
      meaning:
        'Ranking of all rows. Most stations that are short stay short, so that persistence alone comes near 1.',
    },
    {
      name: 'Brier score',
      model: figureText(e.brier, 4),
      persistence: ruleBrier,
      meaning: 'Mean squared difference between the chance that was said and what came. Lower is better.',
    },
    {
      name: 'Calibration error',
      model: figureText(e.calibration_error, 4),
      persistence: none,
      meaning:
        'How far the chances that were said are from the shares that came, on average. Lower is better.',
    },
    {
      name: `Precision at ${figureText(e.threshold, 2)}`,
      model: figureText(e.precision),
      persistence: ofRule(precisionOf),
      meaning: 'Of the stock-outs that were predicted, the share that came.',
    },
    {
      name: `Recall at ${figureText(e.threshold, 2)}`,
      model: figureText(e.recall),
      persistence: ofRule(recallOf),
      meaning: 'Of the stock-outs that came, the share that was predicted.',
    },
    {
      name: `F1 at ${figureText(e.threshold, 2)}`,
      model: figureText(e.f1),
      persistence: ofRule(fBetaOf),
      meaning:
        'Precision and recall in one. The threshold favours recall, so that the rule may have the higher F1.',
    },
    {
      name: 'Rows',
      model: countText(e.rows),
      persistence: 'the same',
      meaning: `Stations at ten-minute slots; ${countText(e.positives)} of them (${shareText(e.prevalence)}) ran or stayed short.`,
    },
    {
      name: 'Onset rows',
      model: countText(e.onset_rows),
      persistence: 'the same',
      meaning: `Rows with more than two at the time; ${countText(e.onset_positives)} of them (${shareText(e.onset_prevalence)}) ran short within 30 minutes.`,
    },
  ]
}

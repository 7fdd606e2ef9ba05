import { calibrationCsv, calibrationSvg } from './calibration-figure.ts'
import { confusionCsv, confusionSvg } from './confusion-figure.ts'
import { importanceCsv, importanceSvg } from './importance-figure.ts'
import { modelCard } from './model-card.ts'
import { reportPage } from './page.ts'
import { prCurveCsv, prCurveSvg } from './pr-curve-figure.ts'
import type { ReportSubject } from './subject.ts'
import { evalSummary } from './summary.ts'

/** The files of a report by name. The same subject gives the same bytes, on any day. */
export function buildReport(subject: ReportSubject): Record<string, string> {
  const evaluation = subject.model.metrics[subject.shown]
  const rule = subject.rule[subject.shown]
  if (!evaluation || !rule) throw new Error(`the ${subject.shown} rows to be shown were not evaluated`)
  const charts = {
    prCurve: prCurveSvg(subject.curves, evaluation),
    confusion: confusionSvg(evaluation, rule),
    calibration: calibrationSvg(subject.calibration, evaluation.calibration_error),
    importance: importanceSvg(subject.importance),
  }
  return {
    'eval_summary.json': evalSummary(subject),
    'model_card.md': modelCard(subject),
    'report.html': reportPage(subject, charts),
    'pr-curve.csv': prCurveCsv(subject.curves),
    'pr-curve.svg': charts.prCurve,
    'confusion-matrix.csv': confusionCsv(evaluation, rule),
    'confusion-matrix.svg': charts.confusion,
    'calibration.csv': calibrationCsv(subject.calibration),
    'calibration.svg': charts.calibration,
    'feature-importance.csv': importanceCsv(subject.importance),
    'feature-importance.svg': charts.importance,
  }
}

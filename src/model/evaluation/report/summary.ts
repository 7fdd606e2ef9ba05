import type { ReportSubject } from './subject.ts'

/** eval_summary.json: everything the report says, for programs. */
export function evalSummary(subject: ReportSubject): string {
  const { model, windows, shown } = subject
  const summary = {
    summary_version: 1,
    group: model.group,
    version: model.version,
    city: model.city,
    target: model.target,
    feature_contract: model.feature_contract,
    library: model.library,
    rounds: model.rounds,
    threshold: model.threshold,
    windows,
    metrics: model.metrics,
    persistence_rule: subject.rule,
    shown,
    calibration: subject.calibration,
    importance: Object.fromEntries(subject.importance.map(({ feature, share }) => [feature, share])),
    refusals: subject.refusals,
  }
  return `${JSON.stringify(summary, null, 2)}\n`
}

import { escapeMarkdown } from './escape.ts'
import { figureRows } from './figures.ts'
import { SPLITS, type ReportSubject } from './subject.ts'
import { countText } from './text.ts'
import { LIMITS, purpose, shownText, verdict, windowText } from './words.ts'

/** model_card.md: what the model is for, what it was made of, how good it is and where it must not be trusted. */
export function modelCard(subject: ReportSubject): string {
  const { model, windows } = subject
  const evaluations = SPLITS.flatMap((split) => {
    const evaluation = model.metrics[split]
    return evaluation ? [{ split, evaluation, rule: subject.rule[split] }] : []
  })
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row.map(escapeMarkdown).join(' | ')} |`),
  ]
  return `${[
    `# ${escapeMarkdown(model.group)} ${model.version}`,
    '',
    escapeMarkdown(purpose(subject)),
    escapeMarkdown(verdict(subject)),
    '',
    '## Use',
    '',
    `A score at or above ${model.threshold} is a predicted stock-out. Scores are made every ten minutes from the ${model.feature_names.length} features of contract ${model.feature_contract}, in the order of the manifest; a missing value is left empty.`,
    '',
    '## Figures',
    '',
    'Persistence says that nothing changes: a station ranks by how few it has now, and is short in 30 minutes when it is short now.',
    '',
    ...evaluations.flatMap(({ split, evaluation, rule }) => [
      `### ${split}, ${windowText(windows[split])}`,
      '',
      ...(split === subject.shown ? [shownText(subject), ''] : []),
      ...table(
        ['Figure', 'Model', 'Persistence', 'Meaning'],
        figureRows(evaluation, rule).map((row) => [row.name, row.model, row.persistence, row.meaning]),
      ),
      '',
    ]),
    '## Made of',
    '',
    `${countText(model.training.train_rows)} training and ${countText(model.training.validation_rows)} validation rows (one station at one ten-minute slot each), sha256 ${model.training.data_sha256}.`,
    `XGBoost ${model.library.version}, ${model.rounds} trees kept.`,
    '',
    ...table(
      ['Parameter', 'Value'],
      Object.entries(model.params).map(([name, value]) => [name, String(value)]),
    ),
    '',
    '## Limits',
    '',
    ...LIMITS.map((limit) => `- ${limit}`),
  ].join('\n')}\n`
}

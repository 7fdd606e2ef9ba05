import { isoOf } from '../../core/time.ts'
import { escapeMarkdown } from '../../model/evaluation/report/escape.ts'
import type { IncidentFacts } from './facts.ts'
import type { NamedFigure } from './figures.ts'
import { partsOf, type Table } from './report-parts.ts'

/** report.md: the incident for those who read it in a terminal, or put it into a ticket. */
export function incidentMarkdown(facts: IncidentFacts, figures: readonly NamedFigure[]): string {
  const { incident } = facts
  const parts = partsOf(facts)
  const e = escapeMarkdown
  return [
    `# ${e(incident.title)}`,
    '',
    e(parts.kicker),
    '',
    e(parts.verdict),
    '',
    ...parts.sections.flatMap(({ title, words, tables }) => [
      `## ${title}`,
      '',
      ...words.flatMap((word) => [e(word), '']),
      ...tables.flatMap(tableText),
    ]),
    '## Graphs',
    '',
    ...figures.flatMap(({ title, caption, svg, file }) => [
      svg === null ? `**${e(title)}**: nothing is known.` : `![${e(title)}](graphs/${file})`,
      '',
      e(caption),
      '',
    ]),
    `As of ${isoOf(facts.as_of)}; all times are UTC.`,
    '',
  ].join('\n')
}

function tableText({ head, rows, none }: Table): string[] {
  if (rows.length === 0) return [none, '']
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), '']
}

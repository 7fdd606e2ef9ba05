import { isoOf } from '../../core/time.ts'
import { escapeHtml } from '../../model/evaluation/report/escape.ts'
import { paletteCss } from '../../model/evaluation/report/palette.ts'
import { figuresHtml, PAGE_CSS, paragraph, section, tableHtml } from '../reports/page-parts.ts'
import type { IncidentFacts } from './facts.ts'
import type { NamedFigure } from './figures.ts'
import { partsOf } from './report-parts.ts'

/** On a telephone a row of a table is a block. */
const CSS = `figure svg{max-width:480px}
@media (max-width:600px){thead{display:none}tbody tr{display:block;padding:8px 0;border-bottom:1px solid var(--grid)}tbody th,tbody td{display:block;padding:1px 0;border:0}}`

/** report.html: the incident on one page that needs nothing else. */
export function incidentPage(facts: IncidentFacts, figures: readonly NamedFigure[]): string {
  const { incident } = facts
  const parts = partsOf(facts)
  const [what, ...rest] = parts.sections.map(({ title, words, tables }) =>
    section(
      title,
      ...words.map(paragraph),
      ...tables.map(({ caption, head, rows, none }) => tableHtml(caption, head, rows, none)),
    ),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(incident.id)}</title>
<style>
${paletteCss()}
${PAGE_CSS}
${CSS}
</style>
</head>
<body>
<header>
<p class="kicker">${escapeHtml(parts.kicker)}</p>
<h1>${escapeHtml(incident.title)}</h1>
<p class="${parts.closed ? 'verdict' : 'verdict bad'}">${escapeHtml(parts.verdict)}</p>
</header>
<main>
${what ?? ''}
${section('Graphs', paragraph('Dotted upright lines: when it began, was opened and was closed. A gap is a time without data.'), figuresHtml(figures))}
${rest.join('\n')}
${paragraph(`As of ${isoOf(facts.as_of)}; all times are UTC.`)}
</main>
</body>
</html>
`
}

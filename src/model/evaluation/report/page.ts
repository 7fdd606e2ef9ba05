import { escapeHtml } from './escape.ts'
import { figureRows } from './figures.ts'
import { paletteCss, themed } from './palette.ts'
import { SPLITS, type ReportSubject } from './subject.ts'
import { countText, shareText } from './text.ts'
import { LIMITS, purpose, shownText, verdict, windowText } from './words.ts'

/** The charts of a report, as SVG. */
export interface ReportCharts {
  readonly prCurve: string
  readonly confusion: string
  readonly calibration: string
  readonly importance: string
}

/** report.html: the whole report on one page that needs nothing else. */
export function reportPage(subject: ReportSubject, charts: ReportCharts): string {
  const { model } = subject
  const e = escapeHtml
  const refused = subject.refusals.length > 0
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(`${model.group} ${model.version}`)}</title>
<style>
${paletteCss()}
${CSS}
</style>
</head>
<body>
<header>
<p class="kicker">${e(model.group)} · ${e(model.version)}</p>
<h1>${e(purpose(subject))}</h1>
<p class="${refused ? 'verdict refused' : 'verdict'}">${e(verdict(subject))}</p>
</header>
<main>
<section><h2>How good it is</h2>
<p>${e(shownText(subject))} Persistence says that nothing changes: a station ranks by how few it has now, and is short in 30 minutes when it is short now.</p>
${figuresTable(subject, subject.shown)}
</section>
${chart('Precision and recall', 'Further up and to the right is better. The area under each line is its PR-AUC.', charts.prCurve)}
${chart('Right and wrong', `The threshold of ${model.threshold} is the one that was best on validation when a missed stock-out counts four times a false alarm (F2).`, charts.confusion)}
${chart('Calibration', 'A score of 0.3 should come true in three cases of ten. Each point is a tenth of the rows.', charts.calibration)}
${chart('What it looks at', 'Gain is what the splits on a feature took off the training loss. It says what the model uses, not what causes a stock-out.', charts.importance)}
${SPLITS.filter((split) => split !== subject.shown && model.metrics[split])
  .map(
    (split) =>
      `<section><h2>The same on ${split} rows</h2>\n<p>${e(windowText(subject.windows[split]))}.</p>\n${figuresTable(subject, split)}</section>`,
  )
  .join('\n')}
<section><h2>What it was made of</h2>
${madeOf(subject)}
</section>
<section><h2>Where not to trust it</h2>
<ul>${LIMITS.map((limit) => `<li>${e(limit)}</li>`).join('')}</ul>
</section>
</main>
</body>
</html>
`
}

function figuresTable(subject: ReportSubject, split: (typeof SPLITS)[number]): string {
  const evaluation = subject.model.metrics[split]
  if (!evaluation) return ''
  const rows = figureRows(evaluation, subject.rule[split]).map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.name)}</th><td class="n model">${escapeHtml(row.model)}</td><td class="n persistence">${escapeHtml(row.persistence)}</td><td>${escapeHtml(row.meaning)}</td></tr>`,
  )
  return `<div class="wide"><table>
<caption>${escapeHtml(`Figures on ${split} rows, ${windowText(subject.windows[split])}`)}</caption>
<thead><tr><th scope="col">Figure</th><th scope="col" class="n">Model</th><th scope="col" class="n">Persistence</th><th scope="col">What it means</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`
}

function chart(title: string, words: string, svg: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>\n<p>${escapeHtml(words)}</p>\n<div class="wide chart">${themed(svg)}</div></section>`
}

function madeOf({ model, windows, importance }: ReportSubject): string {
  const { training } = model
  const facts: (readonly [string, string])[] = [
    ['Training slots', `${windowText(windows.train)}, ${countText(training.train_rows)} rows`],
    ['Validation slots', `${windowText(windows.validation)}, ${countText(training.validation_rows)} rows`],
    ['Test slots', windowText(windows.test)],
    ['Data', `sha256 ${training.data_sha256}`],
    [
      'Features',
      `contract ${model.feature_contract}, ${model.feature_names.length} features; first by gain: ${importance
        .slice(0, 3)
        .map(({ feature, share }) => `${feature} (${shareText(share)})`)
        .join(', ')}`,
    ],
    ['Library', `${model.library.name} ${model.library.version}, ${model.rounds} trees kept`],
    [
      'Parameters',
      Object.entries(model.params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
  ]
  return `<div class="wide"><table class="facts"><tbody>
${facts.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}
</tbody></table></div>`
}

const CSS = `*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main{max-width:940px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
.kicker{margin:0;color:var(--quiet);font-size:14px;overflow-wrap:anywhere}
h1{margin:6px 0 12px;font-size:27px;line-height:1.25;text-wrap:balance}
h2{margin:0 0 4px;font-size:20px}
section{margin:40px 0}
section>p{margin:0 0 14px;color:var(--quiet);max-width:68ch}
.verdict{margin:0;padding:12px 16px;border-left:4px solid var(--model);background:var(--right)}
.verdict.refused{border-color:var(--persistence);background:var(--wrong)}
.wide{overflow-x:auto}
table{width:100%;min-width:640px;border-collapse:collapse;font-size:15px}
caption{text-align:left;color:var(--quiet);font-size:13.5px;padding-bottom:6px}
th,td{padding:8px 12px;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{color:var(--quiet);font-weight:500;font-size:13.5px}
tbody th{font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.model{color:var(--model);font-weight:600}
.persistence{color:var(--persistence)}
.chart svg{display:block;width:100%;min-width:640px;height:auto}
ul{margin:8px 0;padding-left:22px}
@media print{section{break-inside:avoid}}`

import { escapeHtml } from '../../model/evaluation/report/escape.ts'
import { themed } from '../../model/evaluation/report/palette.ts'
import type { Figure } from './charts.ts'

/** A cell: text, or a figure that stands to the right. */
export type Cell = string | { readonly figure: string }

/** A table of escaped text; `caption` says what its rows are of. */
export function tableHtml(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  none: string,
): string {
  if (rows.length === 0) return `<p>${escapeHtml(none)}</p>`
  const cell = (value: Cell, i: number): string => {
    if (typeof value !== 'string') return `<td class="n">${escapeHtml(value.figure)}</td>`
    return i === 0 ? `<th scope="row">${escapeHtml(value)}</th>` : `<td>${escapeHtml(value)}</td>`
  }
  const numeric = head.map((_, i) => rows.every((row) => typeof row[i] !== 'string'))
  return `<div class="wide"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${head.map((name, i) => `<th scope="col"${numeric[i] ? ' class="n"' : ''}>${escapeHtml(name)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody></table></div>`
}

/** Charts side by side where there is room, each with its caption. */
export function figuresHtml(figures: readonly Figure[]): string {
  const one = ({ title, caption, svg }: Figure): string =>
    `<figure><h3>${escapeHtml(title)}</h3>${svg === null ? '<p class="none">Nothing is known.</p>' : themed(svg)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`
  return `<div class="figures">${figures.map(one).join('\n')}</div>`
}

/** Paragraph of escaped text. */
export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`

/** Section with a heading, of parts that are HTML already. */
export const section = (title: string, ...parts: readonly string[]): string =>
  `<section><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}</section>`

/** Styles of the page; colours are those of the palette. */
export const PAGE_CSS = `*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main{max-width:980px;margin:0 auto;padding:0 16px}
header{padding-top:32px}
.kicker{margin:0;color:var(--quiet);font-size:14px}
h1{margin:4px 0 12px;font-size:25px;line-height:1.25;overflow-wrap:anywhere}
h2{margin:0 0 8px;font-size:20px}
h3{margin:0 0 4px;font-size:16px}
section{margin:36px 0}
p{margin:0 0 12px;max-width:68ch}
.verdict{padding:12px 14px;border-left:4px solid var(--model);background:var(--right);max-width:none}
.verdict.bad{border-color:var(--persistence);background:var(--wrong)}
.figures{display:grid;gap:24px;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));margin:12px 0}
figure{margin:0}
figure svg{display:block;width:100%;height:auto}
figcaption,caption{color:var(--quiet);font-size:13.5px;text-align:left}
caption{padding-bottom:4px}
.none{color:var(--quiet)}
.wide{overflow-x:auto;margin:12px 0}
table{width:100%;border-collapse:collapse;font-size:15px}
th,td{padding:6px 10px 6px 0;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{color:var(--quiet);font-weight:500;font-size:13.5px}
tbody th{font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media print{section,figure{break-inside:avoid}}`

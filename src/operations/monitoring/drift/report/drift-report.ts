import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../../../core/time.ts'
import { escapeHtml } from '../../../../model/evaluation/report/escape.ts'
import { paletteCss, themed } from '../../../../model/evaluation/report/palette.ts'
import { figureText, shareText } from '../../../../model/evaluation/report/text.ts'
import type { ObjectStore } from '../../../../platform/ports.ts'
import type { FeedRecord } from '../../feed/feed-file.ts'
import { readDrift, type DriftRecord } from '../drift-file.ts'
import { histogramSvg } from './histogram-figure.ts'
import { psiOverTimeSvg } from './psi-figure.ts'

/** The line of PSI goes this far back. */
const HISTORY_SECONDS = 7 * DAY_SECONDS

/** What a report is of. */
export interface DriftReportSubject {
  readonly city: string
  readonly at: EpochSeconds
  readonly records: readonly DriftRecord[]
  readonly feed: FeedRecord | null
}

/**
 * A self-contained page on the drift of a city's endpoints: PSI over the last week, a histogram of each feature beside the
 * training rows of the same hours, stations that moved, scores and labels, skew, weather and feed. The same lake and subject
 * give the same bytes.
 */
export async function driftReport(store: ObjectStore, subject: DriftReportSubject): Promise<string> {
  const sections: string[] = []
  for (const record of subject.records) {
    const { city, endpoint, at } = record
    const before = await readDrift(store, { city, endpoint, from: at - HISTORY_SECONDS, to: at - 1 })
    sections.push(endpointSection(record, [...before, record]))
  }
  const title = `Drift in ${subject.city}, the 24 hours before ${isoOf(subject.at)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${paletteCss()}
${CSS}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>PSI compares what the endpoints received with the training rows of their models in the same hours of the week. From 0.20 on it warns, from 0.30 on it is critical.</p>
${sections.join('\n')}
${subject.feed ? feedSection(subject.feed) : ''}
</main>
</body>
</html>
`
}

function endpointSection(record: DriftRecord, history: readonly DriftRecord[]): string {
  const e = escapeHtml
  const id = record.endpoint.replaceAll(/[^a-zA-Z0-9-]/g, '-')
  const columns = [
    ...record.features,
    ...(record.score ? [record.score] : []),
    ...(record.label ? [record.label] : []),
  ]
  const figures = columns
    .map((column) => `<figure>${themed(histogramSvg(column, `${id}-${column.name}`))}</figure>`)
    .join('\n')
  const verdict =
    record.psi === null
      ? `No PSI: ${record.reason ?? 'unknown'}.`
      : `PSI ${figureText(record.psi)} (${record.psi_feature ?? ''}), from ${record.rows} rows in ${record.requests} requests.`
  const skew = record.skew
    ? `${shareText(record.skew.share)} of ${record.skew.predictions} predictions were made from other features than the lake gives.`
    : 'No prediction to compare with the lake.'
  const weather = record.weather
    ? record.weather.found
        .map(({ column, hours, detail }) => `${column}, ${hours} h: ${detail}`)
        .join('; ') || 'Weather within range, in its usual units.'
    : 'No weather.'
  return `<section>
<h2>${e(record.endpoint)}</h2>
<p class="kicker">${e(record.group)} ${e(record.model_version)}</p>
<p>${e(verdict)} ${e(skew)} ${e(weather)}</p>
<figure class="wide">${themed(psiOverTimeSvg(history, `${id}-psi`))}</figure>
${stationsTable(record)}
<div class="grid">
${figures}
</div>
</section>`
}

function stationsTable({ stations }: DriftRecord): string {
  if (!stations || stations.length === 0) return ''
  const e = escapeHtml
  const rows = stations.map(
    (s) =>
      `<tr><th scope="row">${e(s.name ?? s.station_id)}</th><td>${e(s.station_id)}</td><td>${e(s.feature)}</td><td class="n">${figureText(s.baseline, 2)}</td><td class="n">${figureText(s.window, 2)}</td><td class="n">${figureText(s.shift, 1)}</td></tr>`,
  )
  return `<div class="scroll"><table>
<caption>Stations that moved most: mean in the window beside the training rows, in the station’s standard deviations</caption>
<thead><tr><th scope="col">Station</th><th scope="col">Id</th><th scope="col">Feature</th><th scope="col" class="n">Training</th><th scope="col" class="n">Now</th><th scope="col" class="n">Shift</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`
}

function feedSection(feed: FeedRecord): string {
  const facts: (readonly [string, string])[] = [
    ['Snapshots', `${feed.snapshots}; ${shareText(feed.coverage)} of the 5-minute slots are known`],
    ['In the lake within 3 min', feed.ingest ? shareText(feed.ingest.share) : '–'],
    [
      'Gaps over 15 min',
      feed.gaps.map((gap) => `${isoOf(gap.from)} to ${isoOf(gap.to)} (${gap.cause})`).join(', ') || 'none',
    ],
    ['Silent stations', feed.silent === null ? '–' : String(feed.silent.length)],
    ['Frozen stations', feed.frozen ? `${shareText(feed.frozen.share)} of ${feed.frozen.judged}` : '–'],
  ]
  return `<section><h2>The feed</h2>
<div class="scroll"><table><tbody>
${facts.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}
</tbody></table></div></section>`
}

const CSS = `*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1040px;margin:0 auto;padding:32px 24px}
h1{margin:0 0 8px;font-size:26px;line-height:1.25;text-wrap:balance}
h2{margin:0;font-size:20px}
section{margin:44px 0}
p{max-width:72ch;color:var(--quiet)}
.kicker{margin:0;font-size:14px;overflow-wrap:anywhere}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:20px}
figure{margin:0}
figure svg{display:block;width:100%;height:auto}
.wide{margin:16px 0}
.scroll{overflow-x:auto;margin:16px 0}
table{width:100%;border-collapse:collapse;font-size:15px}
caption{text-align:left;color:var(--quiet);font-size:13.5px;padding-bottom:6px}
th,td{padding:7px 10px;border-bottom:1px solid var(--grid);text-align:left;overflow-wrap:anywhere}
thead th{color:var(--quiet);font-weight:500;font-size:13.5px}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media print{figure{break-inside:avoid}}`

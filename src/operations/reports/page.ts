import { TARGET_WORDS } from '../../model/evaluation/report/words.ts'
import { escapeHtml } from '../../model/evaluation/report/escape.ts'
import { figureRows } from '../../model/evaluation/report/figures.ts'
import { paletteCss } from '../../model/evaluation/report/palette.ts'
import { countText, figureText, shareText } from '../../model/evaluation/report/text.ts'
import type { ShortStation } from './city-day.ts'
import type { DayReport, EndpointDay } from './day-report.ts'
import type { Episode } from './episodes.ts'
import { cityFigures, endpointFigures } from './figures.ts'
import { wallTime } from './local-day.ts'
import { figuresHtml, PAGE_CSS, paragraph, section, tableHtml } from './page-parts.ts'
import { alarmSection, feedSection } from './page-operations.ts'
import { headline } from './words.ts'

/** Cases that a table names; the rest is in report.json. */
const NAMED = 8

/** report.html: the day on one page that needs nothing else. */
export function dayPage(report: DayReport): string {
  const { city, day } = report
  const verdict = headline(report)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${city} ${day.ds}`)}</title>
<style>
${paletteCss()}
${PAGE_CSS}
</style>
</head>
<body>
<header>
<p class="kicker">${escapeHtml(`Daily report · ${day.timezone}`)}</p>
<h1>${escapeHtml(`${city}, ${day.ds}`)}</h1>
<p class="${verdict.bad ? 'verdict bad' : 'verdict'}">${escapeHtml(verdict.text)}</p>
</header>
<main>
${happened(report)}
${report.endpoints.map((endpoint) => predicted(report, endpoint)).join('\n')}
${report.endpoints.length === 0 ? section('Predictions', paragraph('No endpoint predicted anything about this day.')) : ''}
${feedSection(report)}
${alarmSection(report)}
</main>
</body>
</html>
`
}

function happened(report: DayReport): string {
  const { moves, short } = report.happened
  const taken = moves.reduce((sum, move) => sum + move.taken, 0)
  const table = (of: 'bikes' | 'docks'): string =>
    tableHtml(
      `Stations that had two or fewer ${TARGET_WORDS[of]} for longest; ${countText(short[of].stations)} had at some time`,
      ['Station', 'Minutes', 'When'],
      short[of].worst.map((station) => stationRow(report, station)),
      `No station had two or fewer ${TARGET_WORDS[of]}.`,
    )
  return section(
    'What happened',
    paragraph(
      moves.length === 0
        ? 'Not one snapshot of the day is there: nothing is known of it.'
        : `At least ${countText(taken)} bikes were taken.`,
    ),
    figuresHtml(cityFigures(report)),
    table('bikes'),
    table('docks'),
  )
}

function stationRow({ day }: DayReport, { station_id, name, minutes, runs }: ShortStation) {
  const at = wallTime(day.timezone)
  const longest = [...runs].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 3)
  const when = longest
    .sort((a, b) => a.from - b.from)
    .map(({ from, to }) => `${at(from)}–${at(to)}`)
    .join(', ')
  const more = runs.length > longest.length ? ` and ${runs.length - longest.length} more` : ''
  return [name ?? station_id, { figure: countText(minutes) }, `${when}${more}`] as const
}

function predicted(report: DayReport, endpoint: EndpointDay): string {
  const { warnings, slo } = endpoint
  const { evaluation, target, episodes } = warnings
  const of = (kind: Episode['kind']): Episode[] => episodes.filter((episode) => episode.kind === kind)
  const [caught, missed, wrong] = [of('caught'), of('missed'), of('false')]
  const at = wallTime(report.day.timezone)
  const name = ({ station_id }: Episode): string => report.names[station_id] ?? station_id
  const list = (caption: string, cases: readonly Episode[], none: string): string =>
    tableHtml(
      cases.length > NAMED ? `${caption}; the first ${NAMED} of ${countText(cases.length)}` : caption,
      ['Station', 'First said', 'Short at'],
      [...cases]
        .sort((a, b) => a.first - b.first)
        .slice(0, NAMED)
        .map((one) => [
          name(one),
          one.kind === 'missed' ? '–' : at(one.first),
          one.short_at === null ? '–' : at(one.short_at),
        ]),
      none,
    )
  const leads = caught.map(({ lead_minutes }) => lead_minutes ?? 0).sort((a, b) => a - b)
  const lead = leads[Math.floor(leads.length / 2)]
  return section(
    `Predicted: ${TARGET_WORDS[target]}`,
    paragraph(
      evaluation.rows === 0
        ? `${warnings.endpoint} made no prediction about this day whose outcome is known.`
        : `${warnings.endpoint}: of ${countText(caught.length + missed.length)} times that a station ran short, ${countText(caught.length)} were said before${lead === undefined ? '' : `, half of them ${lead} minutes ahead or more`}, and ${countText(missed.length)} were not; ${countText(wrong.length)} warnings were false. ${sloText(slo)}`,
    ),
    figuresHtml(endpointFigures(report, endpoint)),
    qualityTable(endpoint),
    list('Missed', missed, 'Nothing was missed.'),
    list('False warnings', wrong, 'No warning was false.'),
  )
}

function sloText(slo: EndpointDay['slo']): string {
  const availability = slo?.availability
  if (!availability || availability.availability === null) return ''
  return `Availability this month (UTC) up to the end of the day: ${shareText(availability.availability)} of the batches' periods, ${figureText(availability.left_minutes, 0)} of ${figureText(availability.budget_minutes, 0)} minutes of its error budget are left.`
}

function qualityTable({ warnings }: EndpointDay): string {
  const { evaluation } = warnings
  return tableHtml(
    `${countText(evaluation.rows)} predictions about the day whose outcome is known, beside "it stays as it is" on the same rows`,
    ['Figure', 'Model', 'Persistence'],
    evaluation.rows === 0
      ? []
      : figureRows(evaluation, null).map((row) => [
          row.name,
          { figure: row.model },
          { figure: row.persistence },
        ]),
    'No prediction about this day has a known outcome.',
  )
}

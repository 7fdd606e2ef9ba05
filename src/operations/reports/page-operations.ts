import { countText } from '../../model/evaluation/report/text.ts'
import type { DayReport } from './day-report.ts'
import { feedFigure } from './figures.ts'
import { wallTime } from './local-day.ts'
import { figuresHtml, paragraph, section, tableHtml } from './page-parts.ts'
import { feedText } from './words.ts'

/** Gaps, ingest and stations that are silent or stand still. */
export function feedSection(report: DayReport): string {
  const at = wallTime(report.day.timezone)
  const cause = (gap: DayReport['gaps'][number]): string =>
    report.feed?.gaps.find(({ from, to }) => from < gap.to && to > gap.from)?.cause ?? '–'
  return section(
    'The feed',
    paragraph(feedText(report)),
    figuresHtml([feedFigure(report)]),
    tableHtml(
      'Without a snapshot for over 15 minutes',
      ['From', 'To', 'Minutes', 'Cause'],
      report.gaps.map((gap) => [
        at(gap.from),
        at(gap.to),
        { figure: countText(Math.round(gap.seconds / 60)) },
        cause(gap),
      ]),
      'No gap of over 15 minutes.',
    ),
  )
}

/** Alarms that were in ALARM, and burns of the error budget. */
export function alarmSection(report: DayReport): string {
  const at = wallTime(report.day.timezone)
  const burns = report.endpoints.flatMap(({ warnings, slo }) => [
    ...(slo?.availability.fast_burns ?? [])
      .filter(({ until }) => until > report.day.from)
      .map(({ from, until, reasons }) => [
        `${warnings.endpoint} was not available`,
        from < report.day.from ? 'before' : at(from),
        at(until),
        reasons.join(', '),
      ]),
    ...(slo?.slow_burns ?? []).map(({ alarm, since }) => [
      `${alarm} stood for over two hours`,
      since < report.day.from ? 'before' : at(since),
      'goes on',
      'slow burn',
    ]),
  ])
  return section(
    'Alarms and incidents',
    tableHtml(
      'Alarms that were in ALARM',
      ['Alarm', 'From', 'To', 'Why'],
      report.alarms.map(({ alarm, from, to, began_before, reason }) => [
        alarm,
        began_before ? 'before' : at(from),
        to === null ? 'goes on' : at(to),
        reason,
      ]),
      'No alarm changed to ALARM.',
    ),
    tableHtml('Incidents', ['What', 'From', 'To', 'Why'], burns, 'Neither a fast nor a slow burn.'),
  )
}

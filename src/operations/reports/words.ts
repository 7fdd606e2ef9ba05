import { countText, shareText } from '../../model/evaluation/report/text.ts'
import type { DayReport } from './day-report.ts'
import { wallTime } from './local-day.ts'

/** The day in a sentence or two, and whether something went wrong in it. */
export function headline(report: DayReport): { text: string; bad: boolean } {
  const { alarms, gaps, endpoints, happened, complete } = report
  const cases = endpoints.flatMap(({ warnings }) => warnings.episodes)
  const of = (kind: string): number => cases.filter((episode) => episode.kind === kind).length
  const parts: string[] = []
  if (!complete) parts.push('The day had not ended when this was written.')
  if (happened.slots.length === 0) parts.push('Nothing is known of the day.')
  else if (cases.length > 0)
    parts.push(
      `${countText(of('caught'))} of ${countText(of('caught') + of('missed'))} times that a station ran short were said before; ${countText(of('false'))} warnings were false.`,
    )
  parts.push(
    alarms.length === 0
      ? 'No alarm.'
      : `${countText(alarms.length)} ${alarms.length === 1 ? 'alarm' : 'alarms'}: ${[...new Set(alarms.map(({ alarm }) => alarm))].join(', ')}.`,
  )
  if (gaps.length > 0)
    parts.push(`${countText(gaps.length)} ${gaps.length === 1 ? 'gap' : 'gaps'} in the feed.`)
  return { text: parts.join(' '), bad: alarms.length > 0 || gaps.length > 0 || happened.slots.length === 0 }
}

/** Health of the feed at the last look of the day, in a few sentences. */
export function feedText({ feed, day }: DayReport): string {
  if (feed === null) return 'Nobody looked at the health of the feed on this day.'
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([reason, n]) => `${countText(n)} ${reason}`)
      .join(', ')
  const parts = [
    `In the 24 hours up to ${wallTime(day.timezone)(feed.at)}: ${countText(feed.snapshots)} snapshots`,
  ]
  if (feed.ingest !== null)
    parts.push(
      `, ${shareText(feed.ingest.share)} of them in the lake within three minutes (99 % is the objective)`,
    )
  parts.push('.')
  const refused = counted(feed.refused)
  if (refused !== '') parts.push(` Refused: ${refused}.`)
  const aside = counted(feed.quarantined ?? {})
  if (aside !== '') parts.push(` Stations set aside: ${aside}.`)
  if (feed.silent !== null && feed.silent.length > 0)
    parts.push(` ${countText(feed.silent.length)} stations have not reported for a day.`)
  if (feed.frozen !== null && feed.frozen.stations.length > 0)
    parts.push(` ${countText(feed.frozen.stations.length)} stand still against their habit.`)
  return parts.join('')
}

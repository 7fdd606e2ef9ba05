import type { AlarmHistoryItem } from '../../core/contracts/cloudwatch.ts'
import type { HistoryEntry } from '../../core/contracts/history.ts'
import type { Incident } from '../../core/contracts/incident.ts'
import type { Release } from '../../core/contracts/release.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { servedWords } from './served-words.ts'

/** Something that happened, and whose record it is from. */
export interface Moment {
  readonly at: EpochSeconds
  readonly source: 'release' | 'history' | 'alarm' | 'incident' | 'note'
  readonly what: string
}

const ORDER: Readonly<Record<Moment['source'], number>> = {
  alarm: 0,
  release: 1,
  history: 2,
  incident: 3,
  note: 4,
}

/** What happened, in order, put together from the records: nobody types it. */
export function timelineOf(o: {
  readonly incident: Incident
  readonly releases: readonly Release[]
  readonly history: readonly HistoryEntry[]
  readonly alarms: readonly AlarmHistoryItem[]
}): Moment[] {
  const { incident } = o
  const moments: Moment[] = [
    ...o.releases.flatMap(({ id, timeline }) =>
      timeline.map(({ at, what }): Moment => ({ at, source: 'release', what: `${what} (${id})` })),
    ),
    ...o.history.map((entry): Moment => ({
      at: entry.at,
      source: 'history',
      what: `${entry.endpoint}: ${entry.action} by ${entry.by}, from ${servedWords(entry.from)} to ${servedWords(entry.to)}`,
    })),
    ...o.alarms.map(({ Timestamp, AlarmName, HistorySummary, HistoryData }): Moment => {
      const { reason } = HistoryData
      const why = typeof reason === 'string' && reason !== '' ? `: ${reason}` : ''
      return { at: Timestamp, source: 'alarm', what: `${AlarmName}: ${HistorySummary}${why}` }
    }),
    { at: incident.opened_at, source: 'incident', what: `opened by ${incident.by}: ${incident.title}` },
    ...(incident.refresh
      ? [{ at: incident.refresh.at, source: 'incident', what: 'baselines refreshed' } as const]
      : []),
    ...incident.notes.map(({ at, by, text }): Moment => ({ at, source: 'note', what: `${by}: ${text}` })),
    ...(incident.closed
      ? [
          {
            at: incident.closed.at,
            source: 'incident',
            what: `closed by ${incident.closed.by}: ${incident.closed.cause}`,
          } as const,
        ]
      : []),
  ]
  return moments.sort((a, b) => a.at - b.at || ORDER[a.source] - ORDER[b.source])
}

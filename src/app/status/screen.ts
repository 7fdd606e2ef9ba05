import { BATCH_SECONDS, DAY_SECONDS, isoOf } from '../../core/time.ts'
import { bytesText, figure, spanText, textTable } from '../cli/table.ts'
import { schedulerNotes, schedulerText } from './scheduler-status.ts'
import type { WholeStatus } from './whole-status.ts'

/** Batches that fit into 24 hours. */
const DUE_24H = DAY_SECONDS / BATCH_SECONDS

/** The status as one screen: facts, endpoints, notes, and the verdict last. */
export function statusScreen(status: WholeStatus): string {
  const { late } = status
  const notes = schedulerNotes(status.scheduler)
  const verdict = late.length === 0 ? 'All is well.' : `Late or wrong:\n${listed(late)}`
  return [
    facts(status),
    endpointsTable(status),
    ...(notes.length === 0 ? [] : [`To know:\n${listed(notes)}`]),
    verdict,
  ].join('\n\n')
}

function facts({ lake: status, scheduler, alarms, now }: WholeStatus): string {
  const { lake, days } = status
  const refused = Object.entries(status.refused).map(([reason, n]) => `${n} ${reason}`)
  const aside = Object.entries(status.quarantined ?? {}).map(([reason, n]) => `${n} ${reason}`)
  const size = Object.values(status.bytes).reduce((sum, n) => sum + n, 0)
  const silenced = alarms.in_alarm.filter((alarm) => alarm.silenced).length
  const lines: [string, string][] = [
    [
      'city',
      `${lake.city} (${lake.timezone}), as of ${isoOf(now)}${lake.virtual_now === null ? '' : ', the lake’s own clock'}`,
    ],
    ['scheduler', schedulerText(scheduler, now)],
    [
      'newest snapshot',
      status.newest === null ? 'none' : `${isoOf(status.newest)}, ${spanText(status.age_seconds ?? 0)} ago`,
    ],
    ['last 24 h', `${status.snapshots_24h} snapshots, ${status.gaps_24h.length} gaps over 15 min`],
    [
      'days',
      days.count === 0
        ? 'none'
        : `${days.count} (${days.first ?? ''} to ${days.last ?? ''}), ${days.missing} missing, ${days.open} not compacted`,
    ],
    ['quarantined now', aside.join(', ') || 'none'],
    ['refused', refused.join(', ') || 'none'],
    [
      'alarms',
      alarms.count === 0
        ? 'none is defined yet'
        : `${alarms.in_alarm.length} of ${alarms.count} in ALARM${silenced === 0 ? '' : `, ${silenced} silenced`}`,
    ],
    ['size', bytesText(size)],
  ]
  return lines.map(([name, value]) => `${name.padEnd(16)} ${value}`).join('\n')
}

function endpointsTable({ endpoints }: WholeStatus): string {
  if (endpoints.length === 0) return 'No endpoint yet.'
  return textTable(
    ['endpoint', 'status', 'batches in 24 h', 'last batch', 'PR-AUC 24 h', 'on onsets', 'F1 24 h'],
    endpoints.map(({ endpoint, status, batches_24h, last_batch, quality }) => [
      endpoint,
      status,
      `${batches_24h} of ${DUE_24H}`,
      last_batch === null ? null : isoOf(last_batch),
      figure(quality?.pr_auc),
      figure(quality?.onset_pr_auc),
      figure(quality?.f1),
    ]),
  )
}

const listed = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n')

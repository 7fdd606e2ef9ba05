import type { AlarmHistoryItem } from '../../core/contracts/cloudwatch.ts'
import type { Release } from '../../core/contracts/release.ts'
import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import { ALARM_TABLE } from '../alarms/alarm-table.ts'
import { alarmName } from '../alarms/alarms-for.ts'
import { EVERY_ALARM, type Silence } from '../alarms/silences.ts'
import type { AlarmView } from '../alarms/open-alarms.ts'
import { hasEnded } from '../release/release-store.ts'
import { SLOW_BURN_SECONDS } from '../slo/objectives.ts'
import { releaseSpan } from './find-release.ts'

/** How far back an alarm that is over already is looked for: while nobody looked, seconds. */
const LOOK_BACK = DAY_SECONDS

/** An alarm of a prod endpoint that is an incident. */
export interface DueAlarm {
  readonly endpoint: string
  readonly name: string
  readonly since: EpochSeconds
  readonly title: string
  readonly why: string
}

/** From when on the history of the alarms is needed at `now`. */
export const historyFrom = (now: EpochSeconds): EpochSeconds => now - LOOK_BACK

/**
 * The alarms of the prod endpoints that are incidents at `now`: a critical one from its first moment on (fast burn), a warning
 * that stood for over two hours (slow burn), also when it has passed meanwhile. Not one that is silenced, or was all the time,
 * nor one that took
 * back, or was raised to take back, a release: that is the release's own incident.
 */
export function dueAlarms(o: {
  readonly endpoints: readonly string[]
  readonly alarms: readonly AlarmView[]
  /** State changes since `historyFrom(now)`, oldest first. */
  readonly history: readonly AlarmHistoryItem[]
  readonly releases: readonly Release[]
  /** Past ones too. */
  readonly silences: readonly Silence[]
  readonly now: EpochSeconds
}): DueAlarm[] {
  return o.endpoints.flatMap((endpoint) =>
    ALARM_TABLE.flatMap(({ suffix, severity, what }) => {
      const name = alarmName(endpoint, suffix)
      const view = o.alarms.find((alarm) => alarm.name === name)
      if (!view || view.silence) return []
      return spans(view, o.history, o.now)
        .filter(({ since, until }) => severity === 'crit' || until - since > SLOW_BURN_SECONDS)
        .filter((span) => !o.silences.some((silence) => covers(silence, name, span)))
        .filter(({ since }) => !o.releases.some((release) => owns(release, name, since)))
        .map(({ since, reason }) => ({
          endpoint,
          name,
          since,
          title: `${name}: ${severity === 'crit' ? 'fast burn' : 'a warning stood for over two hours'}`,
          why: `${what} In ALARM since ${isoOf(since)}. ${reason}`.trim(),
        }))
    }),
  )
}

interface Span {
  readonly since: EpochSeconds
  readonly until: EpochSeconds
  readonly reason: string
}

/** The stretches of the look-back in which an alarm was in ALARM, the one that goes on with its true beginning. */
function spans(view: AlarmView, history: readonly AlarmHistoryItem[], now: EpochSeconds): Span[] {
  const found: Span[] = []
  let open: { since: EpochSeconds; reason: string } | undefined
  for (const { AlarmName, HistoryItemType, Timestamp, HistoryData } of history) {
    if (AlarmName !== view.name || HistoryItemType !== 'StateUpdate') continue
    if (HistoryData['to'] === 'ALARM') {
      const reason = HistoryData['reason']
      open = { since: Timestamp, reason: typeof reason === 'string' ? reason : '' }
    } else if (open) {
      found.push({ ...open, until: Timestamp })
      open = undefined
    }
  }
  if (view.StateValue === 'ALARM' && view.StateUpdatedTimestamp <= now)
    found.push({ since: view.StateUpdatedTimestamp, until: now, reason: view.StateReason })
  return found
}

/** Whoever silenced the alarm knew of it from its beginning to its end. */
function covers(silence: Silence, name: string, { since, until }: Span): boolean {
  const { alarm, from, ended } = silence
  if (alarm !== name && alarm !== EVERY_ALARM) return false
  return from <= since && until <= (ended?.at ?? silence.until)
}

/** The alarm watches a release that is under way, or took one back that has ended: what becomes of it is the release's. */
function owns(release: Release, alarm: string, since: EpochSeconds): boolean {
  if (!release.alarms.includes(alarm)) return false
  const { from, to } = releaseSpan(release)
  if (!hasEnded(release)) return since >= from
  return release.phase !== 'done' && since >= from && since <= to
}

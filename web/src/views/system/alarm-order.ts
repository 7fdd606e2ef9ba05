import type { Alarm } from '../../../../src/core/contracts/api/system.ts'

const STATES: Readonly<Record<Alarm['state'], number>> = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 }

/** Raised ones first, critical before warning, the newest first; the others by name. */
export function byUrgency(alarms: readonly Alarm[]): readonly Alarm[] {
  return alarms.toSorted(
    (a, b) =>
      STATES[a.state] - STATES[b.state] ||
      (a.state === 'ALARM' ? severity(a) - severity(b) || b.since - a.since : 0) ||
      (a.name < b.name ? -1 : 1),
  )
}

function severity(alarm: Alarm): number {
  return alarm.severity === 'crit' ? 0 : 1
}

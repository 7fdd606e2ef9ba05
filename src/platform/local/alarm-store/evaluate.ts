import type {
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
  StateValue,
} from '../../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { AlarmDocument, AlarmRecord, AlarmState, Change } from './alarm-document.ts'
import { standingOf } from './datapoints.ts'
import { fetchDatapoints, type DatapointSource } from './fetch-datapoints.ts'
import { judgeDatapoints } from './judge-datapoints.ts'
import { alarmsOf, parseRule, ruleHolds } from './rule.ts'
import { stateReason } from './state-reason.ts'

/** True for an alarm over the states of others. */
export const isComposite = (alarm: MetricAlarm | CompositeAlarm): alarm is CompositeAlarm =>
  'AlarmRule' in alarm

/** A state that an evaluation came to, and the figures it came from. */
interface Verdict {
  readonly value: StateValue
  readonly reason: string
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * The states of all alarms as of `now`: metric alarms first, then composite ones, those that others look at first. An alarm
 * whose state was set at or after `now` keeps it: a clock that was set back must not undo what is newer.
 */
export async function evaluateAll(
  document: AlarmDocument,
  source: DatapointSource,
  now: EpochSeconds,
): Promise<Change | undefined> {
  const due = Object.values(document.alarms).filter(({ state }) => isDue(state, now))
  const states = new Map(Object.entries(document.alarms).map(([name, { state }]) => [name, state.value]))
  const verdicts = await judgeMetricAlarms(due, source, now)
  for (const [name, verdict] of verdicts) states.set(name, verdict.value)
  for (const { alarm } of childrenFirst(due)) {
    const verdict = judgeComposite(alarm, states)
    verdicts.set(alarm.AlarmName, verdict)
    states.set(alarm.AlarmName, verdict.value)
  }
  const alarms: Record<string, AlarmRecord> = {}
  const items: AlarmHistoryItem[] = []
  for (const record of due) {
    const verdict = verdicts.get(record.alarm.AlarmName)
    if (!verdict) continue
    const changed = verdict.value !== record.state.value
    if (!changed && record.state.by !== 'creation') continue
    const state: AlarmState = { value: verdict.value, reason: verdict.reason, since: now, by: 'evaluation' }
    alarms[record.alarm.AlarmName] = { ...record, state }
    if (changed) items.push(stateUpdate(record, state, verdict.data))
  }
  return Object.keys(alarms).length === 0 ? undefined : { alarms, items }
}

const isDue = ({ by, since }: AlarmState, now: EpochSeconds): boolean => by === 'creation' || now > since

async function judgeMetricAlarms(
  due: readonly AlarmRecord[],
  source: DatapointSource,
  now: EpochSeconds,
): Promise<Map<string, Verdict>> {
  const alarms = due.flatMap(({ alarm }) => (isComposite(alarm) ? [] : [alarm]))
  const found = await fetchDatapoints(source, alarms, now)
  const verdicts = new Map<string, Verdict>()
  for (const alarm of alarms) {
    const range = found.get(alarm.AlarmName) ?? []
    const standings = range.map((point) => standingOf(alarm, point))
    const judgement = judgeDatapoints(standings, alarm)
    if (judgement.state === undefined) continue
    verdicts.set(alarm.AlarmName, {
      value: judgement.state,
      reason: stateReason(alarm, range, judgement),
      data: {
        datapoints: range.map((point, i) => ({ ...point, standing: standings[i] })),
        threshold: alarm.Threshold ?? null,
      },
    })
  }
  return verdicts
}

function judgeComposite(alarm: CompositeAlarm, states: ReadonlyMap<string, StateValue>): Verdict {
  const rule = parseRule(alarm.AlarmRule)
  const children = Object.fromEntries(alarmsOf(rule).map((name) => [name, states.get(name) ?? null]))
  const holds = ruleHolds(rule, (name) => states.get(name))
  const told = Object.entries(children).map(([name, value]) => `${name} is ${value ?? 'not there'}`)
  return {
    value: holds ? 'ALARM' : 'OK',
    reason: `The rule ${holds ? 'holds' : 'does not hold'}${told.length === 0 ? '' : `: ${told.join(', ')}`}.`,
    data: { children },
  }
}

/** Composite alarms in such an order that each comes after those it looks at; there is no circle. */
function childrenFirst(due: readonly AlarmRecord[]): { alarm: CompositeAlarm }[] {
  const composites = new Map(
    due.flatMap(({ alarm }) => (isComposite(alarm) ? [[alarm.AlarmName, alarm] as const] : [])),
  )
  const ordered = new Map<string, CompositeAlarm>()
  const visit = (alarm: CompositeAlarm, above: ReadonlySet<string>): void => {
    if (ordered.has(alarm.AlarmName) || above.has(alarm.AlarmName)) return
    for (const name of alarmsOf(parseRule(alarm.AlarmRule))) {
      const child = composites.get(name)
      if (child) visit(child, new Set([...above, alarm.AlarmName]))
    }
    ordered.set(alarm.AlarmName, alarm)
  }
  for (const alarm of composites.values()) visit(alarm, new Set())
  return [...ordered.values()].map((alarm) => ({ alarm }))
}

/** A line of history about a change of state. */
export function stateUpdate(
  { alarm, state: before }: AlarmRecord,
  after: AlarmState,
  data: Readonly<Record<string, unknown>> = {},
): AlarmHistoryItem {
  return {
    AlarmName: alarm.AlarmName,
    Timestamp: after.since,
    HistoryItemType: 'StateUpdate',
    HistorySummary: `Alarm updated from ${before.value} to ${after.value}`,
    HistoryData: { from: before.value, to: after.value, reason: after.reason, by: after.by, ...data },
  }
}

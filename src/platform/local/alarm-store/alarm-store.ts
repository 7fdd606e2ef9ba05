import type { AlarmDescription, CompositeAlarm, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { canonicalJson } from '../../../core/hash.ts'
import type { Clock, EpochSeconds } from '../../../core/time.ts'
import type { AlarmStore, MetricStore, ObjectStore } from '../../ports.ts'
import { changeAlarms, readAlarms, type AlarmDocument, type AlarmRecord } from './alarm-document.ts'
import { openBands } from './bands.ts'
import { checkCompositeAlarm, checkMetricAlarm, refusalOf, type KnownAlarms } from './check-alarm.ts'
import { evaluateAll, isComposite, stateUpdate } from './evaluate.ts'
import { fetchDatapoints } from './fetch-datapoints.ts'
import { readHistory } from './history-files.ts'
import { alarmsOf, parseRule } from './rule.ts'

/** What an alarm store is made from; `clock` dates what was put or deleted. */
export interface AlarmStoreParts {
  readonly store: ObjectStore
  readonly metrics: Pick<MetricStore, 'getMetricData'>
  readonly clock: Clock
}

/**
 * Alarms evaluated as CloudWatch evaluates them over a wall-clock window in UTC: whole periods that are over. Definitions and
 * states are `alarms/alarms.json`, history is `alarms/history/ds=D/`. Every call may be killed and made again.
 */
export function openAlarmStore({ store, metrics, clock }: AlarmStoreParts): AlarmStore {
  const source = { metrics, bands: openBands(metrics) }
  const put = async (
    alarm: MetricAlarm | CompositeAlarm,
    check: (document: AlarmDocument) => Promise<void>,
  ) => {
    const now = clock()
    await changeAlarms(store, async (document) => {
      const before = document.alarms[alarm.AlarmName]
      if (before && canonicalJson(before.alarm) === canonicalJson(alarm)) return undefined
      if (before && isComposite(before.alarm) !== isComposite(alarm))
        throw refusalOf(alarm.AlarmName)(
          'the name belongs to an alarm of the other kind',
          'Delete that one first.',
        )
      await check(document)
      const record: AlarmRecord = { alarm, state: before?.state ?? initialState(now) }
      return {
        alarms: { [alarm.AlarmName]: record },
        items: [configurationUpdate(alarm.AlarmName, now, before ? 'updated' : 'created', alarm)],
      }
    })
  }

  return {
    putMetricAlarm: (alarm) =>
      put(alarm, async () => {
        checkMetricAlarm(alarm)
        // The metric store knows which queries can be computed.
        await fetchDatapoints(source, [alarm], clock())
      }),

    putCompositeAlarm: (alarm) =>
      put(alarm, async ({ alarms }) => {
        checkCompositeAlarm(alarm, knownAlarms(alarms))
      }),

    async deleteAlarms(names) {
      const now = clock()
      await changeAlarms(store, ({ alarms }) => {
        const gone = [...new Set(names)].filter((name) => alarms[name])
        if (gone.length === 0) return undefined
        refuseIfLookedAt(alarms, new Set(gone))
        return {
          alarms: Object.fromEntries(gone.map((name) => [name, undefined])),
          items: gone.map((name) => configurationUpdate(name, now, 'deleted')),
        }
      })
    },

    async describeAlarms() {
      const { document } = await readAlarms(store)
      return Object.values(document.alarms).map(descriptionOf)
    },

    async describeAlarmHistory({ AlarmName, from, to }) {
      const { document } = await readAlarms(store)
      const items = await readHistory(store, document.last, { from, to })
      return AlarmName === undefined ? items : items.filter((item) => item.AlarmName === AlarmName)
    },

    async setAlarmState({ AlarmName, StateValue, StateReason, now }) {
      await changeAlarms(store, ({ alarms }) => {
        const record = alarms[AlarmName]
        if (!record)
          throw new OperatorError(
            'NOT_FOUND',
            `there is no alarm "${AlarmName}"`,
            'See `bikeshare alarms list`.',
          )
        const state = { value: StateValue, reason: StateReason, since: now, by: 'hand' } as const
        if (record.state.value === StateValue) return undefined
        return { alarms: { [AlarmName]: { ...record, state } }, items: [stateUpdate(record, state)] }
      })
    },

    evaluateAlarms: (now) => changeAlarms(store, (document) => evaluateAll(document, source, now)),
  }
}

const initialState = (now: EpochSeconds): AlarmRecord['state'] => ({
  value: 'INSUFFICIENT_DATA',
  reason: 'No evaluation has come to a state yet.',
  since: now,
  by: 'creation',
})

function descriptionOf({ alarm, state }: AlarmRecord): AlarmDescription {
  return { alarm, StateValue: state.value, StateReason: state.reason, StateUpdatedTimestamp: state.since }
}

function configurationUpdate(
  AlarmName: string,
  Timestamp: EpochSeconds,
  what: 'created' | 'updated' | 'deleted',
  alarm?: MetricAlarm | CompositeAlarm,
) {
  return {
    AlarmName,
    Timestamp,
    HistoryItemType: 'ConfigurationUpdate',
    HistorySummary: `Alarm "${AlarmName}" ${what}`,
    HistoryData: { type: what, ...(alarm && { alarm }) },
  } as const
}

function knownAlarms(alarms: AlarmDocument['alarms']): KnownAlarms {
  return {
    has: (name) => alarms[name] !== undefined,
    ruleOf: (name) => {
      const alarm = alarms[name]?.alarm
      return alarm && isComposite(alarm) ? alarm.AlarmRule : undefined
    },
  }
}

function refuseIfLookedAt(alarms: AlarmDocument['alarms'], gone: ReadonlySet<string>): void {
  for (const { alarm } of Object.values(alarms)) {
    if (!isComposite(alarm) || gone.has(alarm.AlarmName)) continue
    const child = alarmsOf(parseRule(alarm.AlarmRule)).find((name) => gone.has(name))
    if (child !== undefined)
      throw refusalOf(child)(`"${alarm.AlarmName}" looks at it`, 'Delete both, or change that rule first.')
  }
}

import type { Command } from 'commander'
import { isoOf } from '../../../core/time.ts'
import { datapointsOf } from '../../../operations/alarms/alarm-datapoints.ts'
import { rowOf } from '../../../operations/alarms/alarm-table.ts'
import { alarmInWords } from '../../../operations/alarms/alarm-words.ts'
import type { Act } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'
import { listed, requireAlarm, silenceText } from './shared.ts'

/** `bikeshare alarms show NAME`. */
export function buildShow(command: Command, act: Act): void {
  const show = command
    .command('show')
    .description('One alarm: what it means, when it is raised, the last datapoints, what to do.')
    .argument('<name>', 'its name')
  addExamples(show, [['alarms show prod-endpoint-5xx-crit', 'all there is to know about it']])
  show.action(
    act(async (context, _options, name = '') => {
      const { platform, now } = await context.openLake()
      const view = await requireAlarm(platform, name, now)
      const datapoints = await datapointsOf(platform.metrics, view.alarm, now)
      const row = rowOf(name)
      const facts: [string, string][] = [
        ['alarm', view.name],
        ['severity', view.severity],
        ['means', row?.what ?? view.alarm.AlarmDescription],
        ['raised when', alarmInWords(view.alarm)],
        ['state', `${view.StateValue} since ${isoOf(view.StateUpdatedTimestamp)}`],
        ['why', view.StateReason],
        ['silence', view.silence === null ? 'none' : silenceText(view.silence)],
        ['what to do', view.runbook === null ? '–' : `docs/runbook.md#${view.runbook}`],
      ]
      const points = datapoints.map(({ t, value, lower, upper }) => [
        isoOf(t),
        value,
        ...(lower === undefined ? [] : [lower, upper ?? null]),
      ])
      const head = ['period', 'value', ...(datapoints[0]?.lower === undefined ? [] : ['band from', 'to'])]
      const text = facts.map(([label, value]) => `${label.padEnd(12)} ${value}`).join('\n')
      return {
        human: points.length === 0 ? text : `${text}\n\n${textTable(head, points)}`,
        json: { now, alarm: listed(view), datapoints },
      }
    }),
  )
}

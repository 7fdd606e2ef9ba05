import type { Command } from 'commander'
import type { AlarmHistoryItem } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { DAY_SECONDS, isoOf } from '../../../core/time.ts'
import { readActions } from '../../../operations/alarms/notify/action-records.ts'
import type { Act } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'
import { textTable } from '../table.ts'

/** `bikeshare alarms history [NAME]`. */
export function buildHistory(command: Command, act: Act): void {
  const history = command
    .command('history')
    .description('Changes of state and of definition, and the actions that were taken.')
    .argument('[name]', 'only this alarm')
  history
    .addOption(timeOption('--from <time>', 'from then on (default: a week before the end)'))
    .addOption(timeOption('--to <time>', 'up to then (default: now)'))
  addExamples(history, [['alarms history prod-endpoint-5xx-crit --from 2024-05-01', 'what happened with it']])
  history.action(
    act<{ from?: number; to?: number }>(async (context, options, name) => {
      const { platform, now } = await context.openLake()
      const to = options.to ?? now
      const from = options.from ?? to - 7 * DAY_SECONDS
      if (from >= to) throw new OperatorError('USAGE', '--from is not before --to', 'Give an earlier --from.')
      const changes = await platform.alarms.describeAlarmHistory({ from, to })
      const actions = await readActions(platform.store, { from, to })
      const items = [...changes, ...actions]
        .filter((item) => typeof name !== 'string' || item.AlarmName === name)
        .toSorted((a, b) => a.Timestamp - b.Timestamp)
      const rows = items.map((item) => [
        isoOf(item.Timestamp),
        item.AlarmName,
        item.HistorySummary,
        reasonOf(item),
      ])
      return {
        human:
          rows.length === 0
            ? `Nothing from ${isoOf(from)} to ${isoOf(to)}.`
            : textTable(['when', 'alarm', 'what', 'why'], rows),
        json: { from, to, items },
      }
    }),
  )
}

function reasonOf({ HistoryData }: AlarmHistoryItem): string {
  const { reason } = HistoryData
  return typeof reason === 'string' ? reason : ''
}

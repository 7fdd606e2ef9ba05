import type { Command } from 'commander'
import { OperatorError } from '../../../core/errors.ts'
import { rowOf } from '../../../operations/alarms/alarm-table.ts'
import { testActions } from '../../../operations/alarms/notify/test-actions.ts'
import type { Act } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'
import { requireAlarm } from './shared.ts'

/** `bikeshare alarms test NAME`. */
export function buildTest(command: Command, act: Act): void {
  const test = command
    .command('test')
    .description(
      'Send a test document through the actions of [alarms], on AWS to the topic of the alarms too, and say how each went.',
    )
    .argument('<name>', 'the alarm that it names')
  addExamples(test, [['alarms test prod-endpoint-5xx-crit', 'does it reach somebody']])
  test.action(
    act(async (context, _options, name = '') => {
      const { platform, info, now } = await context.openLake()
      if (!rowOf(name)) await requireAlarm(platform, name, now)
      const { deliveries, problems } = await testActions({
        settings: context.config.alarms,
        city: info.city,
        alarm: name,
        now,
        env: context.env,
        topic: platform.topic,
      })
      if (deliveries.length === 0)
        throw new OperatorError(
          'CONFIG',
          problems[0] ?? 'no action is configured',
          context.config.platform === 'aws'
            ? 'Set alarm_topic_arn under [aws], or webhook_url, smtp_url or command under [alarms], in bikeshare.toml.'
            : 'Set webhook_url, smtp_url or command under [alarms] in bikeshare.toml.',
        )
      const rows = deliveries.map((d) => [d.channel, d.target, d.tries, d.error ?? 'delivered'])
      const failed = problems.length > 0 || deliveries.some(({ error }) => error !== null)
      return {
        human: [textTable(['action', 'to', 'tries', 'outcome'], rows), ...problems].join('\n'),
        json: { alarm: name, deliveries, problems },
        ...(failed && { exitCode: 3 }),
      }
    }),
  )
}

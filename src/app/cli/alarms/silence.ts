import type { Command } from 'commander'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { addSilence, endSilences, EVERY_ALARM, heedSilences } from '../../../operations/alarms/silences.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { Act, CommandContext } from '../command.ts'
import { addExamples, durationOption } from '../options.ts'
import { requireAlarm, silenceText } from './shared.ts'

interface SilenceOptions {
  readonly all?: true
  readonly for?: number
  readonly why?: string
  readonly by: string
  readonly end?: true
}

/** `bikeshare alarms silence NAME|--all`. */
export function buildSilence(command: Command, act: Act): void {
  const silence = command
    .command('silence')
    .description('Take no actions for an alarm for a while; it is evaluated all the same.')
    .argument('[name]', 'which alarm')
  silence
    .option('--all', 'every alarm')
    .addOption(durationOption('--for <duration>', 'how long, at most 7d'))
    .option('--why <reason>', 'for the record')
    .option('--by <who>', 'who does it, for the record', 'operator')
    .option('--end', 'end the silence now')
  addExamples(silence, [
    ['alarms silence prod-20m-zero --for 2h --by ana --why "the feed moves"', 'no calls about it for 2 h'],
    ['alarms silence prod-20m-zero --end', 'end it before its time'],
  ])
  silence.action(
    act<SilenceOptions>(async (context, options, given) => {
      const name = typeof given === 'string' ? given : undefined
      if ((name === undefined) === (options.all === undefined))
        throw new OperatorError('USAGE', 'which alarm?', 'Name one, or give --all.')
      const { platform, now } = await context.openLake()
      if (name !== undefined) await requireAlarm(platform, name, now)
      const alarm = name ?? EVERY_ALARM
      if (options.end) {
        const ended = await endSilences(platform.store, { alarm, now, by: options.by })
        await heedNow(context, platform, now)
        return {
          human: ended.length === 0 ? 'There was no silence to end.' : `${ended.length} ended.`,
          json: { ended },
        }
      }
      if (options.for === undefined || options.why === undefined)
        throw new OperatorError(
          'USAGE',
          'a silence needs --for and --why',
          'Such as --for 2h --why "a trial".',
        )
      const made = await addSilence(platform.store, {
        alarm,
        from: now,
        seconds: options.for,
        by: options.by,
        why: options.why,
      })
      await heedNow(context, platform, now)
      return { human: `${name ?? 'Every alarm'} is silent ${silenceText(made)}.`, json: { silence: made } }
    }),
  )
}

/** The silence is on record whether or not the cloud's alarms hear of it now: the next batch tells them. */
async function heedNow({ report }: CommandContext, platform: Platform, now: number): Promise<void> {
  try {
    await heedSilences(platform, now)
  } catch (error) {
    report.warn(`The alarms' own actions follow at the next batch, not now: ${messageOf(error)}`)
  }
}

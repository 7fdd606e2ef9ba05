import { buildFeatures } from '../../../data/features/build.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'

interface Options {
  readonly from?: number
  readonly to?: number
}

/** `bikeshare features build`. */
export const command: CommandModule = {
  build(command, act) {
    const build = command
      .command('build')
      .description('Build the feature rows of every day whose inputs changed.')
      .addOption(timeOption('--from <time>', 'first day (default: the first with status)'))
      .addOption(timeOption('--to <time>', 'last day (default: the last with status)'))
    addExamples(build, [
      ['features build', 'all days that changed since the last time'],
      ['features build --from 2023-05-01', 'only from that day on'],
    ])
    build.action(
      act<Options>(async (context, options) => {
        const { platform, info } = await context.openLake()
        const { days } = await buildFeatures(platform, {
          city: info.city,
          timezone: info.timezone,
          country: info.country,
          ...(options.from === undefined ? {} : { from: options.from }),
          ...(options.to === undefined ? {} : { to: options.to }),
          report: context.report,
          signal: context.signal,
        })
        const built = days.filter((day) => day.built)
        const rows = built.reduce((sum, day) => sum + day.rows, 0)
        return {
          human:
            built.length === 0
              ? `All ${days.length} days were up to date.`
              : `Built ${built.length} of ${days.length} days, ${rows.toLocaleString('en')} slot rows.`,
          json: { days },
        }
      }),
    )
  },
}

import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import { FIRST_DAY, lakeTables } from '../../lake-tables.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'

interface Options {
  readonly since?: EpochSeconds
}

/** `bikeshare tables`: what Athena reads the lake by. */
export const command: CommandModule = {
  build(command, act) {
    command.addOption(timeOption('--since <day>', `the lake's first day (default: ${FIRST_DAY})`))
    addExamples(command, [
      [
        'tables --city nyc',
        'the tables and views of the lake of New York in Glue, made or brought up to date',
      ],
      ['tables --city nyc --since 2024-03-01', 'fewer days to look through for a query that names none'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const since = options.since === undefined ? FIRST_DAY : dsOf(options.since)
        const result = await context.ensureTables(lakeTables(context.config, await context.city(), since))
        const { database, created, updated, unchanged } = result
        return {
          human: `Database ${database}: ${created.length} tables and views made, ${updated.length} changed, ${unchanged.length} as they were.`,
          json: result,
        }
      }),
    )
  },
}

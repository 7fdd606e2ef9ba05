import { TARGETS } from '../../../core/contracts/features.ts'
import { endpointName, STAGES } from '../../../core/names.ts'
import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import { VIEWS } from '../../../data/lake/views.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'

interface Options {
  readonly since?: EpochSeconds
}

const SINCE = '2020-01-01'

/** `bikeshare tables`: what Athena reads the lake by. */
export const command: CommandModule = {
  build(command, act) {
    command.addOption(timeOption('--since <day>', `the lake's first day (default: ${SINCE})`))
    addExamples(command, [
      [
        'tables --city nyc',
        'the tables and views of the lake of New York in Glue, made or brought up to date',
      ],
      ['tables --city nyc --since 2024-03-01', 'fewer days to look through for a query that names none'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const city = await context.city()
        const { view_station_info_latest, view_predictions, view_quality, db } = context.config
        const names = {
          station_information: view_station_info_latest,
          predictions: view_predictions,
          quality: view_quality,
        }
        const prefixes = ['bikeshare', `bikeshare-${city}`]
        const endpoints = prefixes.flatMap((prefix) =>
          STAGES.flatMap((stage) => TARGETS.map((target) => endpointName(stage, target, prefix))),
        )
        const result = await context.ensureTables({
          city,
          endpoints,
          since: options.since === undefined ? SINCE : dsOf(options.since),
          views: VIEWS.map(({ key, sql, columns }) => ({ name: names[key], sql, columns })),
        })
        const { created, updated, unchanged } = result
        return {
          human: `Database ${db}: ${created.length} tables and views made, ${updated.length} changed, ${unchanged.length} as they were.`,
          json: { database: db, ...result },
        }
      }),
    )
  },
}

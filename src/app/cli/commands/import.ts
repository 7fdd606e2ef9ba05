import { resolve } from 'node:path'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { importLake, importRecording, type ImportResult } from '../../../data/lake/import.ts'
import type { CommandContext, CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'

interface Options {
  readonly status?: string[]
  readonly information?: string[]
  readonly weather?: string[]
  readonly lake?: string
  readonly timezone?: string
  readonly country?: string
  readonly from?: number
  readonly to?: number
}

/** `bikeshare import`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option(
        '--status <file...>',
        'station_status: Parquet or CSV tables, GBFS .json(.gz) files or a folder of them',
      )
      .option('--information <file...>', 'station_information, in the same kinds of file')
      .option('--weather <file...>', 'hourly weather: CSV or Parquet')
      .option('--lake <dir>', 'another lake of this system')
      .option('--timezone <name>', 'time zone of a city whose lake is not there yet')
      .option('--country <code>', 'ISO 3166 code of its public holidays')
      .addOption(timeOption('--from <time>', 'only snapshots from here on'))
      .addOption(timeOption('--to <time>', 'only snapshots before this'))
    addExamples(command, [
      [
        'import --city sf --timezone America/Los_Angeles --status status.parquet --information information.parquet',
        'a recording; run again it changes nothing',
      ],
      ['import --city sf --lake backup/sf', 'all of another lake'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const result = await take(context, options)
        const refused = result.refused > 0 ? `, ${result.refused} refused (see ingest_errors/)` : ''
        const span =
          result.first === null || result.last === null
            ? ''
            : ` from ${isoOf(result.first)} to ${isoOf(result.last)}`
        return {
          human: `Imported ${result.snapshots} snapshots${span}${refused}; ${result.information_versions} versions of stations, ${result.weather_hours} hours of weather.`,
          json: result,
        }
      }),
    )
  },
}

async function take(context: CommandContext, options: Options): Promise<ImportResult> {
  const city = await context.city()
  const platform = await context.openPlatform(context.lakeRoot(city))
  const common = {
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
    report: context.report,
    signal: context.signal,
  }
  if (options.lake !== undefined) {
    if (options.status !== undefined)
      throw new OperatorError('USAGE', '--lake and --status are both given', 'Take one of them.')
    const from = await context.openPlatform(resolve(options.lake))
    return importLake(platform, from, { ...common, city })
  }
  return importRecording(platform, {
    ...common,
    city,
    status: options.status ?? [],
    information: options.information ?? [],
    ...(options.weather === undefined ? {} : { weather: options.weather }),
    ...(options.timezone === undefined ? {} : { timezone: options.timezone }),
    ...(options.country === undefined ? {} : { country: options.country }),
  })
}

import { resolve } from 'node:path'
import { writeSimulation } from '../../../data/simulation/write.ts'
import { SIMULATION_FROM, SIMULATION_TIMEZONE } from '../../demo/options.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, intOption, timeOption } from '../options.ts'

interface Options {
  readonly out: string
  readonly stations: number
  readonly days: number
  readonly seed: number
  readonly from: number
  readonly timezone: string
  readonly faults: boolean
}

/** `bikeshare simulate`: a recording of a simulated city. */
export const command: CommandModule = {
  build(command, act) {
    command
      .requiredOption('--out <dir>', 'folder to write the recording to')
      .addOption(intOption('--stations <n>', 'stations', 10, 20_000).default(250))
      .addOption(intOption('--days <n>', 'days', 1, 400).default(21))
      .addOption(intOption('--seed <n>', 'the same seed makes the same city', 0, 2 ** 31 - 1).default(1))
      .addOption(
        timeOption('--from <time>', 'first moment').default(SIMULATION_FROM, 'a Monday in September 2024'),
      )
      .option('--timezone <name>', 'time zone of the city', SIMULATION_TIMEZONE)
      .option('--no-faults', 'a clean feed, without the faults that real feeds have')
    addExamples(command, [
      ['simulate --out recording --stations 500 --days 14', 'then `bikeshare import` takes its files'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const platform = await context.openPlatform(resolve(options.out))
        const written = await writeSimulation(platform.warehouse, {
          stations: options.stations,
          days: options.days,
          seed: options.seed,
          from: options.from,
          timezone: options.timezone,
          faults: options.faults,
          report: context.report,
          signal: context.signal,
          status: 'status.parquet',
          information: 'information.parquet',
          weather: 'weather.parquet',
        })
        return {
          human: `Wrote ${written.snapshots} snapshots, ${written.statusRows.toLocaleString('en')} rows, ${written.trips.toLocaleString('en')} trips to ${resolve(options.out)}.`,
          json: written,
        }
      }),
    )
  },
}

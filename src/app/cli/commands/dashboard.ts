import { exportSnapshot } from '../../server/snapshot/export-snapshot.ts'
import type { CommandContext, CommandModule, CommandResult } from '../command.ts'
import { builtPages, openShownCities, programVersion } from '../dashboard-cities.ts'
import { addExamples, citiesOption, intOption } from '../options.ts'
import { showDashboard, type ShowOptions } from '../show-dashboard.ts'

interface ExportOptions {
  readonly cities: readonly string[]
  readonly hours: number
  readonly stations: number
  readonly public?: boolean
}

/** `bikeshare dashboard`, and `bikeshare dashboard export DIR`. */
export const command: CommandModule = {
  actsItself: true,
  build(command, act) {
    command
      .addOption(citiesOption())
      .option('--host <address>', 'address to listen on (default: loopback only)')
      .addOption(intOption('--port <n>', 'port to listen on; 0 takes a free one', 0, 65_535))
      .option('--public', 'for everyone to look at: coarse data, and nobody signs in')
      .option('--open', 'open it in the browser')
    addExamples(command, [
      [
        'dashboard --port 18081',
        'the city, the model and the system at http://127.0.0.1:18081; ends with Ctrl-C',
      ],
      ['dashboard --city nyc,paris', 'two cities in one dashboard'],
      ['dashboard --public --host 0.0.0.0', 'a page for everyone, without operator functions'],
    ])
    command.action(act<ShowOptions>(showDashboard))

    const snapshot = command
      .command('export')
      .description('Write a folder of files that shows the same on any web host.')
      .argument('<dir>', 'folder to write; a snapshot from before is replaced')
    snapshot
      .addOption(citiesOption())
      .addOption(intOption('--hours <n>', 'batches of so many hours can be gone back to', 0, 168).default(24))
      .addOption(
        intOption('--stations <n>', 'so many stations at risk have a view of their own', 0, 20_000).default(
          50,
        ),
      )
      .option('--public', 'coarse data, and the city alone')
    addExamples(snapshot, [
      ['dashboard export ./site', 'the last 24 hours, for any web host'],
      ['dashboard export ./site --public --hours 6 --now 2024-05-14T08:00Z', 'a past morning, for everyone'],
    ])
    snapshot.action(act<ExportOptions>((context, options, folder = '') => write(context, options, folder)))
  },
}

async function write(
  context: CommandContext,
  options: ExportOptions,
  folder: string,
): Promise<CommandResult> {
  const { config } = context
  const written = await exportSnapshot(folder, {
    cities: await openShownCities(context, options.cities),
    config,
    webRoot: builtPages(),
    version: programVersion(),
    wall: context.wall,
    report: context.report,
    hours: options.hours,
    stations: options.stations,
    publicMode: options.public === true || config.dashboard.public,
  })
  const megabytes = (written.bytes / 1e6).toFixed(1)
  return {
    human: `${written.answers} answers, ${megabytes} MB, in ${written.folder}. Any web host serves it.`,
    json: written,
  }
}

import { restoreLake } from '../../../data/lake/restore.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText } from '../table.ts'

/** `bikeshare restore`. */
export const command: CommandModule = {
  build(command, act) {
    command.argument('<file>', 'a file that `bikeshare backup` wrote')
    addExamples(command, [
      ['restore nyc-2026-11-24.tar.gz --city nyc', 'checked whole before anything is put in place'],
    ])
    command.action(
      act(async (context, _options, file = '') => {
        const city = await context.city()
        const result = await restoreLake({ file, city, root: context.lakeRoot(city), report: context.report })
        return {
          human: `Restored ${result.files} files, ${bytesText(result.bytes)}, of "${result.city}" to ${result.root}.`,
          json: result,
        }
      }),
    )
  },
}

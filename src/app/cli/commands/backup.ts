import { backupLake } from '../../../data/lake/backup.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText } from '../table.ts'

/** `bikeshare backup`. */
export const command: CommandModule = {
  build(command, act) {
    command.argument('<file>', 'the .tar.gz to write')
    addExamples(command, [['backup nyc-2026-11-24.tar.gz', 'the whole lake, with a hash of every file']])
    command.action(
      act(async (context, _options, file = '') => {
        const { platform } = await context.openLake()
        const result = await backupLake(platform.store, { file, now: context.wall(), report: context.report })
        return {
          human: `Wrote ${result.files} files, ${bytesText(result.bytes)}, to ${result.file}.`,
          json: result,
        }
      }),
    )
  },
}

import { join } from 'node:path'
import { cleanLake } from '../../../data/lake/clean.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText, textTable } from '../table.ts'

interface Options {
  readonly dryRun?: boolean
}

/** Rows that a person is shown; --json has them all. */
const SHOWN = 20

/** `bikeshare clean`. */
export const command: CommandModule = {
  build(command, act) {
    command.option('--dry-run', 'only say what would go')
    addExamples(command, [['clean --dry-run', 'what retention no longer keeps, and what killed runs left']])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now, root } = await context.openLake()
        const dryRun = options.dryRun === true
        const { removed, bytes } = await cleanLake(platform, {
          city: info.city,
          now,
          retention: context.config.retention,
          dryRun,
          temp: { folder: join(root, '.tmp'), wallNow: context.wall() },
        })
        const table = textTable(
          ['key', 'size', 'why'],
          removed.slice(0, SHOWN).map((r) => [r.key, bytesText(r.bytes), r.why]),
        )
        const more = removed.length > SHOWN ? `\n… and ${removed.length - SHOWN} more` : ''
        const total = `${dryRun ? 'Would remove' : 'Removed'} ${removed.length} files, ${bytesText(bytes)}.`
        return {
          human: removed.length === 0 ? 'Nothing to remove.' : `${table}${more}\n${total}`,
          json: { dry_run: dryRun, removed, bytes },
        }
      }),
    )
  },
}

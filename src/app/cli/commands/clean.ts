import { cleanLake } from '../../../data/lake/clean.ts'
import { leftoversOf } from '../../../data/lake/leftovers.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText, textTable } from '../table.ts'

interface Options {
  readonly dryRun?: boolean
  readonly files?: boolean
}

/** `bikeshare clean`. */
export const command: CommandModule = {
  build(command, act) {
    command.option('--dry-run', 'only say what would go')
    command.option('--files', 'name every file')
    addExamples(command, [
      ['clean --dry-run', 'what retention no longer keeps, and what killed runs left, by rule'],
      ['clean --dry-run --files', 'the same, file by file'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now, root } = await context.openLake()
        const dryRun = options.dryRun === true
        const { removed, rules, bytes } = await cleanLake(platform, {
          city: info.city,
          now,
          retention: context.config.retention,
          dryRun,
          local: {
            folders: leftoversOf(root),
            wallNow: context.wall(),
          },
        })
        const table = textTable(
          ['rule', 'files', 'size', 'why'],
          rules.map((r) => [r.rule, r.files, bytesText(r.bytes), r.why]),
        )
        const files = options.files === true ? `\n\n${removed.map(({ key }) => key).join('\n')}` : ''
        const total = `${dryRun ? 'Would remove' : 'Removed'} ${removed.length} files, ${bytesText(bytes)}.`
        return {
          human: removed.length === 0 ? 'Nothing to remove.' : `${table}${files}\n\n${total}`,
          json: { dry_run: dryRun, rules, removed, bytes },
        }
      }),
    )
  },
}

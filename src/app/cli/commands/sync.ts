import { OperatorError } from '../../../core/errors.ts'
import { syncLakes, type SyncResult } from '../../../data/lake/sync/sync-lakes.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, intOption } from '../options.ts'
import { bytesText } from '../table.ts'

interface SyncFlags {
  readonly from: string
  readonly to: string
  readonly prefix?: string
  readonly delete?: boolean
  readonly verify?: boolean
  readonly dryRun?: boolean
  readonly jobs?: number
}

/** `bikeshare sync`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .requiredOption('--from <place>', 'the lake to copy: its folder, or s3://BUCKET/PREFIX')
      .requiredOption('--to <place>', 'where to copy it: a folder, or s3://BUCKET/PREFIX')
      .option('--prefix <keys>', 'only keys that begin so, such as models/')
      .option('--delete', 'remove from the destination what the source does not have')
      .option('--verify', 'compare every content again, by its hash')
      .option('--dry-run', 'only say what would be done')
      .addOption(intOption('--jobs <n>', 'objects under way at once (default: 16)', 1, 256))
    addExamples(command, [
      ['sync --from .bikeshare/nyc --to s3://my-bucket/nyc', 'a lake of this machine into S3'],
      ['sync --from s3://my-bucket/nyc --to .bikeshare/nyc', 'and back, only what is new'],
      ['sync --from .bikeshare/nyc --to s3://my-bucket/nyc --delete --dry-run', 'what would go'],
    ])
    command.action(
      act<SyncFlags>(async (context, flags) => {
        const from = await context.openStore(flags.from)
        const to = await context.openStore(flags.to)
        if (!from.isThere)
          throw new OperatorError(
            'NOT_FOUND',
            `there is no lake at ${from.address}`,
            'Check --from; `bikeshare status` shows the lakes of this machine.',
          )
        if (from.address === to.address)
          throw new OperatorError('USAGE', '--from and --to are the same place', 'Name two places.')
        const result = await syncLakes({
          from,
          to,
          remove: flags.delete === true,
          verify: flags.verify === true,
          dryRun: flags.dryRun === true,
          signal: context.signal,
          report: context.report,
          ...(flags.prefix !== undefined && { prefix: flags.prefix }),
          ...(flags.jobs !== undefined && { jobs: flags.jobs }),
        })
        return {
          human: textOf(result, flags),
          json: { from: from.address, to: to.address, dry_run: flags.dryRun === true, ...jsonOf(result) },
        }
      }),
    )
  },
}

function jsonOf({ copied, copiedBytes, same, gone, extra, removed }: SyncResult): Record<string, number> {
  return { copied, copied_bytes: copiedBytes, same, gone, extra, removed }
}

function textOf(result: SyncResult, { dryRun, delete: remove }: SyncFlags): string {
  const { copied, copiedBytes, same, extra, removed } = result
  const done = `${copied} objects, ${bytesText(copiedBytes)}`
  const first = dryRun
    ? `To compare and copy: ${done}; ${same} are known to be the same.`
    : `Copied ${done}; ${same} were there already, with the same content.`
  const left = removed > 0 ? `Removed ${removed} that the source does not have.` : undefined
  const kept =
    extra > removed
      ? `${extra - removed} objects of the destination are not in the source${remove ? ' and would go' : '; --delete removes them'}.`
      : undefined
  return [first, left, kept].filter((line) => line !== undefined).join('\n')
}

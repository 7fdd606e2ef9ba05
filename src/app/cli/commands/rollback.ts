import { endpointPrefix } from '../../../core/city-names.ts'
import type { Target } from '../../../core/contracts/features.ts'
import { endpointName } from '../../../core/names.ts'
import { beginRollback } from '../../../operations/release/rollback.ts'
import type { CommandModule } from '../command.ts'
import { followRelease, releaseResult } from '../follow-release.ts'
import { addExamples, targetOption, targetsOf } from '../options.ts'

interface Options {
  readonly endpoint?: string
  readonly target: Target | 'both'
  readonly to?: string
  readonly by: string
  readonly why: string
}

/** `bikeshare rollback`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--endpoint <name>', 'the endpoint in production (default: the city’s, such as bikeshare-prod)')
      .addOption(targetOption())
      .option('--to <version>', 'a version or alias (default: what served before)')
      .option('--by <who>', 'who does it, for the record', 'operator')
      .option('--why <reason>', 'why, for the record', '')
    command.addHelpText(
      'after',
      '\nExit codes: 0 it serves what served before, 2 there is nothing to go back to, 4 it did not.',
    )
    addExamples(command, [
      ['rollback --why "onsets are missed since noon"', 'what served before serves again, bikes and docks'],
      ['rollback --to 20240501T235000Z-1a2b3c4d --target bikes', 'a certain version, bikes alone'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const lake = await context.openLake()
        const release = await beginRollback(lake.platform, {
          city: lake.info.city,
          endpoint:
            options.endpoint ?? endpointName('prod', 'bikes', endpointPrefix(context.config, lake.info.city)),
          targets: targetsOf(options.target),
          ...(options.to === undefined ? {} : { to: options.to }),
          instanceType: context.config.serve.instance_type,
          capturePercent: context.config.serve.capture_percent,
          by: options.by,
          why: options.why,
          now: lake.now,
        })
        const ended = (await followRelease(context, lake, { wait: true })) ?? release
        const wanted = ended.kind === 'promote' ? 'rolled_back' : 'done'
        return { ...releaseResult(ended), exitCode: ended.phase === wanted ? 0 : 4 }
      }),
    )
  },
}

import { upgradeLake } from '../../../data/lake/upgrade.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'

/** `bikeshare upgrade`. */
export const command: CommandModule = {
  build(command, act) {
    addExamples(command, [
      ['upgrade', 'does nothing when the lake is up to date; may be stopped and run again'],
    ])
    command.action(
      act(async (context) => {
        const platform = await context.openPlatform(context.lakeRoot(await context.city()))
        const result = await upgradeLake(platform, {
          now: context.wall(),
          report: context.report,
          signal: context.signal,
        })
        const steps = result.applied.map((step) => `  ${step}`).join('\n')
        return {
          human:
            result.applied.length === 0
              ? `The lake has format ${result.to} already.`
              : `Upgraded from format ${result.from} to ${result.to}:\n${steps}`,
          json: result,
        }
      }),
    )
  },
}

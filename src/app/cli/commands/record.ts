import { OperatorError } from '../../../core/errors.ts'
import { watchFeed } from '../../../data/lake/watch.ts'
import type { CommandModule } from '../command.ts'
import { openFeed } from '../feed.ts'
import { addExamples, durationOption } from '../options.ts'

interface Options {
  readonly feed?: string
  readonly for?: number
}

/** `bikeshare record`: a live feed for a given time. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(durationOption('--for <duration>', 'how long, such as 2h or 7d (default: until Ctrl-C)'))
      .option('--feed <url>', 'GBFS discovery document (default: that of the city)')
    addExamples(command, [['record --city paris --for 7d', 'a week, to train on or to replay']])
    command.action(
      act<Options>(async (context, options) => {
        const { options: ingest, client } = await openFeed(context, options.feed)
        const platform = await context.openPlatform(context.lakeRoot(ingest.city))
        const signal =
          options.for === undefined
            ? context.signal
            : AbortSignal.any([context.signal, AbortSignal.timeout(options.for * 1000)])
        const started = context.wall()
        const wanted = options.for ?? Infinity
        const progress = context.report.start(`Recording ${ingest.city}`, options.for)
        let snapshots = 0
        try {
          await watchFeed(platform, {
            ...ingest,
            clock: context.wall,
            signal,
            onResult: (result) => {
              if (result.outcome === 'stored') snapshots++
              progress.update(Math.min(context.wall() - started, wanted), `${snapshots} snapshots`)
            },
          })
        } finally {
          await client.close()
        }
        progress.end(`${snapshots} snapshots`)
        if (snapshots === 0)
          throw new OperatorError('UNAVAILABLE', 'nothing was recorded', 'Look at the warnings above.')
        return {
          human: `Recorded ${snapshots} snapshots in ${context.lakeRoot(ingest.city)}. \`bikeshare replay\` serves them again.`,
          json: { city: ingest.city, snapshots },
        }
      }),
    )
  },
}

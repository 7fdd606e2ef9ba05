import { isoOf } from '../../../core/time.ts'
import { ingestOnce, type IngestResult } from '../../../data/lake/ingest.ts'
import { watchFeed } from '../../../data/lake/watch.ts'
import type { CommandContext, CommandModule } from '../command.ts'
import { openFeed } from '../feed.ts'
import { addExamples } from '../options.ts'

interface Options {
  readonly watch?: boolean
  readonly feed?: string
}

/** `bikeshare ingest`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--watch', 'go on, as often as the feed says it changes, until Ctrl-C')
      .option('--feed <url>', 'GBFS discovery document (default: that of the city)')
    addExamples(command, [
      ['ingest --city nyc', 'one snapshot; the first makes the lake'],
      ['ingest --watch', 'keep the lake up to date'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { options: ingest, client } = await openFeed(context, options.feed)
        const platform = await context.openPlatform(context.lakeRoot(ingest.city))
        try {
          if (options.watch === true) return await watch(context, platform, ingest)
          const result = await ingestOnce(platform, { ...ingest, now: context.givenNow ?? context.wall() })
          return { human: sentence(result), json: result }
        } finally {
          await client.close()
        }
      }),
    )
  },
}

async function watch(
  context: CommandContext,
  platform: Parameters<typeof watchFeed>[0],
  ingest: Awaited<ReturnType<typeof openFeed>>['options'],
): Promise<{ human: string; json: unknown }> {
  const outcomes: Record<string, number> = {}
  await watchFeed(platform, {
    ...ingest,
    clock: context.wall,
    signal: context.signal,
    onResult: (result) => {
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1
      context.report.info(sentence(result))
    },
  })
  return { human: `Stopped. ${JSON.stringify(outcomes)}`, json: { outcomes } }
}

/** What an ingest did, in a line. */
function sentence(result: IngestResult): string {
  const at = result.last_updated === null ? 'no snapshot' : `snapshot of ${isoOf(result.last_updated)}`
  const aside = result.quarantined > 0 ? `, ${result.quarantined} quarantined` : ''
  return `${result.outcome}: ${at}, ${result.stations} stations${aside}${result.detail ? ` (${result.detail})` : ''}`
}

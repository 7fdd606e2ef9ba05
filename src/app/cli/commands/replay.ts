import { once } from 'node:events'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { startReplay } from '../../../data/lake/replay.ts'
import type { ReplayFault } from '../../../data/lake/replay/faults.ts'
import type { CommandModule } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { addExamples, intOption, numberOption, timeOption } from '../options.ts'

interface Options {
  readonly port: number
  readonly host: string
  readonly speed: number
  readonly from?: number
  readonly gbfs: '1.1' | '2.3' | '3.0'
  readonly fault: ReplayFault[]
}

/** `bikeshare replay`: a lake as a GBFS feed. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(intOption('--port <n>', 'port; 0 takes a free one', 0, 65_535).default(18_090))
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .addOption(numberOption('--speed <x>', 'virtual seconds in a real one', 0, 100_000).default(1))
      .addOption(timeOption('--from <time>', 'virtual time at the start (default: the first snapshot)'))
      .option('--gbfs <version>', 'version of the feed: 1.1, 2.3 or 3.0', '2.3')
      .addOption(faultOption())
    addExamples(command, [
      ['replay --speed 60', 'an hour passes in a minute; the feed is at http://127.0.0.1:18090/gbfs.json'],
      ['replay --fault html@2023-05-14T08:00:00Z/2023-05-14T08:10:00Z', 'with ten minutes of an HTML page'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        if (!['1.1', '2.3', '3.0'].includes(options.gbfs)) {
          throw new OperatorError(
            'USAGE',
            `GBFS ${options.gbfs} is not served`,
            'Write --gbfs 1.1, 2.3 or 3.0.',
          )
        }
        const { platform, info } = await context.openLake()
        const started = context.elapsedMs()
        const replay = await startReplay(platform, {
          city: info.city,
          port: options.port,
          host: options.host,
          version: options.gbfs,
          faults: options.fault,
          ...(options.from === undefined ? {} : { from: options.from }),
          speed: { factor: options.speed, elapsedSeconds: () => (context.elapsedMs() - started) / 1000 },
        })
        context.report.info(
          `Serving "${info.city}" as of ${isoOf(Math.floor(replay.now()))} at ${replay.url}; ends with Ctrl-C`,
        )
        if (!context.signal.aborted) await once(context.signal, 'abort')
        const reached = Math.floor(replay.now())
        await replay.close()
        return { human: `Stopped at ${isoOf(reached)}.`, json: { url: replay.url, stopped_at: reached } }
      }),
    )
  },
}

import { batchFloor, dtOf } from '../../../core/time.ts'
import { predictBatch } from '../../../model/prediction/predict-batch.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'
import { textTable } from '../table.ts'

interface Options {
  readonly endpoint?: string[]
  readonly slot?: number
}

/** `bikeshare predict`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--endpoint <name...>', 'only these endpoints (default: every InService one of the city)')
      .addOption(timeOption('--slot <time>', 'predict from this slot (default: the newest 10-minute slot)'))
    addExamples(command, [['predict', 'the batch of now; a batch that is done is not made twice']])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now } = await context.openLake()
        const slot = batchFloor(options.slot ?? now)
        const results = await predictBatch(platform, {
          city: info.city,
          timezone: info.timezone,
          country: info.country,
          slot,
          now,
          namespace: context.config.cw_custom_ns,
          ...(options.endpoint === undefined ? {} : { endpoints: options.endpoint }),
          report: context.report,
        })
        const rows = results.map((r) => [
          r.endpoint,
          r.predictions,
          r.requests,
          r.heartbeat ?? null,
          r.outcome,
        ])
        return {
          human: `Batch ${dtOf(slot)}\n${textTable(['endpoint', 'predictions', 'requests', 'heartbeat', 'outcome'], rows)}`,
          json: { slot, results },
        }
      }),
    )
  },
}

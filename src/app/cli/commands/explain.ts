import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { explainPredictions } from '../../../model/explanation/explain.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, intOption } from '../options.ts'
import { whyText } from '../why-text.ts'

interface Options {
  readonly endpoint: string
  readonly top?: number
}

/** `bikeshare explain`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .argument('[station]', 'id of a station (or --top)')
      .option('--endpoint <name>', 'whose predictions', 'bikeshare-prod')
      .addOption(intOption('--top <n>', 'the highest scores', 1, 500).conflicts('station'))
    addExamples(command, [
      ['explain --top 5', 'the five highest scores of the newest batch, and what makes them high'],
      ['explain 72 --endpoint bikeshare-prod-docks', 'one station, for docks'],
      ['explain 72 --now 2024-09-22T12:00:00Z', 'as it was said at a time in the past'],
    ])
    command.action(
      act<Options>(async (context, { endpoint, top }, station?: string) => {
        if ((station === undefined) === (top === undefined))
          throw new OperatorError('USAGE', 'name a station or give --top, one of the two')
        const { platform, info, now } = await context.openLake()
        const made = await explainPredictions(platform, {
          city: info.city,
          timezone: info.timezone,
          country: info.country,
          endpoint,
          at: now,
          ...(station === undefined ? {} : { station_ids: [station] }),
          ...(top === undefined ? {} : { top }),
        })
        if (made.slot === null)
          throw new OperatorError(
            'NOT_FOUND',
            `${endpoint} predicted nothing in the hour before ${isoOf(now)}`,
            'See `bikeshare endpoints list`, and `bikeshare status` for what is late.',
          )
        const calibrations = new Map(made.calibrations.map((one) => [one.model_version, one]))
        const texts = made.predictions.map((one) => {
          const version = one.why?.model_version ?? one.model_version
          return whyText(one, calibrations.get(version), `Station ${one.station_id}`)
        })
        return { human: [`Batch ${isoOf(made.slot)} of ${endpoint}`, ...texts].join('\n\n'), json: made }
      }),
    )
  },
}

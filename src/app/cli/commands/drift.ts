import { writeFile } from 'node:fs/promises'
import { OperatorError } from '../../../core/errors.ts'
import { HOUR_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import { judgeDrift } from '../../../operations/monitoring/drift/run-drift.ts'
import { driftReport } from '../../../operations/monitoring/drift/report/drift-report.ts'
import { judgeFeed } from '../../../operations/monitoring/feed/run-feed-health.ts'
import type { CommandModule } from '../command.ts'
import { driftText } from '../drift-text.ts'
import { addExamples, timeOption } from '../options.ts'

interface Options {
  readonly endpoint?: string
  readonly at?: EpochSeconds
  readonly report?: string
}

/** `bikeshare drift`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--endpoint <name>', 'only this endpoint (default: all of the city)')
      .addOption(timeOption('--at <time>', 'the 24 hours before this whole hour (default: the last one)'))
      .option('--report <file>', 'write an HTML page with the histograms')
    addExamples(command, [
      ['drift', 'what moved in the last 24 hours, by how much, and at which stations'],
      ['drift --endpoint bikeshare-prod --report drift.html', 'histograms of every feature, on one page'],
    ])
    command.action(
      act<Options>(async (context, { endpoint, at: wanted, report }) => {
        const { platform, info, now } = await context.openLake()
        const at = Math.floor((wanted ?? now) / HOUR_SECONDS) * HOUR_SECONDS
        const { city, timezone, country } = info
        const namespace = context.config.cw_custom_ns
        const all = await judgeDrift(platform, { city, timezone, country, at, stations: true })
        const records = all.filter((record) => endpoint === undefined || record.endpoint === endpoint)
        if (endpoint !== undefined && records.length === 0)
          throw new OperatorError(
            'NOT_FOUND',
            `no endpoint "${endpoint}" of ${city} at ${isoOf(at)}`,
            `There is ${all.map((record) => record.endpoint).join(', ') || 'none: deploy a model first'}.`,
          )
        const feed = await judgeFeed(platform, { city, at, namespace })
        if (report !== undefined) {
          const page = await driftReport(platform.store, { city, at, records, feed })
          await writeFile(report, page)
        }
        const written = report === undefined ? '' : `\n\nThe histograms are in ${report}.`
        return { human: `${driftText(records, feed)}${written}`, json: { at, endpoints: records, feed } }
      }),
    )
  },
}

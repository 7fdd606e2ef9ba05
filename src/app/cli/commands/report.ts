import { join } from 'node:path'
import { parseDs } from '../../../core/time.ts'
import { headline } from '../../../operations/reports/words.ts'
import { lastEndedDay } from '../../../operations/reports/local-day.ts'
import { writeDailyReport } from '../../../operations/reports/write-daily-report.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'

interface Options {
  readonly day?: string
}

/** `bikeshare report`. */
export const command: CommandModule = {
  build(command, act) {
    command.option('--day <date>', 'local day of the city, such as 2023-05-14 (default: the last that ended)')
    addExamples(command, [
      ['report', 'the page of the last day that ended'],
      ['report --day 2023-05-14', 'the page of another day'],
    ])
    command.action(
      act<Options>(async (context, { day }) => {
        const { platform, info, now, root } = await context.openLake()
        const ds = day ?? lastEndedDay(now, info.timezone)
        parseDs(ds)
        const { report, keys } = await writeDailyReport(platform, {
          city: info.city,
          ds,
          timezone: info.timezone,
          now,
          namespace: context.config.cw_custom_ns,
        })
        const paths = { html: join(root, keys.html), json: join(root, keys.json) }
        const { text, bad } = headline(report)
        return {
          human: `${info.city}, ${ds}: ${text}\n${paths.html}`,
          json: { day: ds, headline: text, bad, paths },
        }
      }),
    )
  },
}

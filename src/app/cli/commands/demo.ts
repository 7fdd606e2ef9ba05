import type { Target } from '../../../core/contracts/features.ts'
import { citySchema } from '../../../core/config/schema.ts'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import { runDemo, type DemoResult } from '../../demo/run-demo.ts'
import { DEMO_SEED, type DemoSource } from '../../demo/options.ts'
import type { CommandModule } from '../command.ts'
import { showDashboard } from '../show-dashboard.ts'
import { planLines } from '../../demo/plan-story.ts'
import { storyLines } from '../../demo/story-lines.ts'
import { addExamples, durationOption, intOption } from '../options.ts'
import { figure, textTable } from '../table.ts'

interface Options {
  readonly stations: number
  readonly days: number
  readonly seed: number
  readonly recording?: string[]
  readonly information?: string[]
  readonly weather?: string[]
  readonly timezone?: string
  readonly country?: string
  readonly feed?: string
  readonly for: number
  readonly headless?: boolean
  readonly port?: number
  readonly open: boolean
}

/** `bikeshare demo`: the whole system, in minutes. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(intOption('--stations <n>', 'stations of the simulated city', 20, 20_000).default(250))
      .addOption(intOption('--days <n>', 'days of it', 5, 400).default(21))
      .addOption(intOption('--seed <n>', 'its seed', 0, 2 ** 31 - 1).default(DEMO_SEED))
      .option(
        '--recording <file...>',
        'take this recording of station_status instead (Parquet, CSV or GBFS JSON)',
      )
      .option('--information <file...>', 'its station_information')
      .option('--weather <file...>', 'its hourly weather')
      .option('--timezone <name>', 'time zone of the recording, such as America/Los_Angeles')
      .option('--country <code>', 'ISO 3166 code of its public holidays')
      .option('--feed <url>', 'record this live feed (gbfs.json) first')
      .addOption(durationOption('--for <duration>', 'how long to record it').default(7 * 86_400, '7d'))
      .addOption(intOption('--port <n>', 'port of the dashboard at the end; 0 takes a free one', 0, 65_535))
      .option('--no-open', 'show the dashboard’s address, and open no browser')
      .option('--headless', 'for machines: no page, and the last line is JSON')
    addExamples(command, [
      ['demo', 'a simulated city of 250 stations and 21 days'],
      ['demo --recording status.parquet --information information.parquet --city sf', 'a recorded city'],
      [
        'demo --feed https://example.org/gbfs.json --for 7d --city oslo',
        'a week of a live feed, then the demo on it',
      ],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const source = sourceOf(options)
        const city = citySchema.parse(
          context.config.city ?? (source.kind === 'simulation' ? 'demo' : 'recording'),
        )
        const result = await runDemo({
          source,
          city,
          timezone: options.timezone,
          country: options.country ?? null,
          config: context.config,
          dataDir: context.dataDir,
          lakeRoot: context.lakeRoot(city),
          openPlatform: context.openPlatform,
          report: context.report,
          signal: context.signal,
          wall: context.wall,
          elapsedMs: context.elapsedMs,
        })
        const human = closingTable(result)
        if (options.headless === true) {
          context.line(human)
          return { human: JSON.stringify(result.figures), json: result.figures }
        }
        context.line(human)
        const shown = { cities: [city], open: options.open && hasDesktop(context.env) }
        try {
          await showDashboard(context, {
            ...shown,
            ...(options.port !== undefined && { port: options.port }),
          })
        } catch (error) {
          // Another dashboard has the usual port: after minutes of a demo that is no reason to show nothing.
          if (options.port !== undefined || !isOperatorError(error, 'UNAVAILABLE')) throw error
          await showDashboard(context, { ...shown, port: 0 })
        }
        return { human: 'Stopped. `npx bikeshare dashboard` opens it again.', json: result.figures }
      }),
    )
  },
}

/** Somebody sits before a screen that a browser can be opened on. */
const hasDesktop = (env: Readonly<Record<string, string | undefined>>): boolean =>
  process.platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])

function sourceOf(options: Options): DemoSource {
  if (options.feed !== undefined) return { kind: 'feed', url: options.feed, seconds: options.for }
  if (options.recording === undefined) {
    return { kind: 'simulation', stations: options.stations, days: options.days, seed: options.seed }
  }
  if (options.information === undefined) {
    throw new OperatorError(
      'USAGE',
      'a recording needs the capacity and position of its stations',
      'Name its station_information with --information FILE.',
    )
  }
  return {
    kind: 'recording',
    status: options.recording,
    information: options.information,
    weather: options.weather ?? [],
  }
}

/** The story of a demo, one sentence a row. */
function closingTable({ figures, live, reports, story, plans }: DemoResult): string {
  const rows = (['bikes', 'docks'] as const).flatMap((target: Target) => {
    const test = figures.targets[target]
    const day = live[target]
    const what = target === 'bikes' ? 'no bike' : 'no free dock'
    return [
      [
        `${target}: PR-AUC`,
        figure(test.pr_auc),
        figure(test.persistence_pr_auc),
        `how well "${what} in 30 min" is ranked, all rows of the test days`,
      ],
      [
        `${target}: onset PR-AUC`,
        figure(test.onset_pr_auc),
        figure(test.persistence_onset_pr_auc),
        `the same among stations that still have more than two (${test.onset_positives} of ${test.onset_rows.toLocaleString('en')} ran out)`,
      ],
      [
        `${target}: Brier score`,
        figure(test.brier, 4),
        '–',
        'mean squared error of the stated chance; lower is better',
      ],
      [
        `${target}: F1, replayed day`,
        figure(day.f1),
        '–',
        `the alerts at threshold ${day.threshold} as they were made, against what happened`,
      ],
    ]
  })
  return [
    '',
    textTable(['', 'model', '"same as now"', 'what it means'], rows),
    '',
    ...storyLines(story),
    ...planLines(plans),
    '',
    `${figures.batches} batches over ${figures.stations} stations; a batch took ${figures.predict_p95_ms} ms at the 95th percentile, the demo ${figures.seconds} s and ${figures.peak_rss_mb} MB.`,
    `Reports: ${reports.bikes}`,
    `         ${reports.docks}`,
    'Next: `npx bikeshare status`, `npx bikeshare gate`, `npx bikeshare history`, `npx bikeshare alarms list`,',
    '      `npx bikeshare quality`, `npx bikeshare drift`, `npx bikeshare slo`, `npx bikeshare serve`,',
    '      `npx bikeshare sql "select * from v_quality limit 5"`,',
    '      and your own city: `npx bikeshare init --city nyc`, then `npx bikeshare ingest --watch`.',
  ].join('\n')
}

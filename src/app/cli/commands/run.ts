import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { citySchema } from '../../../core/config/schema.ts'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf, type EpochSeconds } from '../../../core/time.ts'
import { openFeedClient } from '../../../data/gbfs/feed-client.ts'
import { leftoversOf } from '../../../data/lake/leftovers.ts'
import type { ReplayFault } from '../../../data/lake/replay/faults.ts'
import { prometheusText } from '../../../operations/metrics/prometheus.ts'
import { partOf, PARTS } from '../../../operations/scheduler/parts.ts'
import { openScheduler } from '../../../operations/scheduler/scheduler.ts'
import type { SchedulerOptions } from '../../../operations/scheduler/city-scheduler.ts'
import type { ScheduledCity } from '../../../operations/scheduler/job.ts'
import { distinct, keepCitiesGoing } from '../../run/live-run.ts'
import { liveThrough } from '../../run/replay-run.ts'
import { startStatusServer } from '../../server/status-server.ts'
import type { CommandContext, CommandModule, CommandResult } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { feedOf } from '../feed.ts'
import { addExamples, citiesOption, intOption, timeOption } from '../options.ts'

interface Options {
  readonly cities: readonly string[]
  readonly wait?: boolean
  readonly once?: boolean
  readonly host?: string
  readonly port?: number
  readonly replay?: string
  readonly from?: EpochSeconds
  readonly until?: EpochSeconds
  readonly fault: readonly ReplayFault[]
  readonly part?: string
}

/** A tick stops catching up after this long, so that the feed and the batch of now get their turn. */
const BUDGET_MS = 20_000
/** On request to end, a feed that does not answer is waited for this long. */
const FEED_GRACE_MS = 10_000

/** `bikeshare run`: the scheduler. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(citiesOption())
      .option('--wait', 'wait for a lake that another scheduler holds, instead of exit 3')
      .option('--once', 'do all that is due, with what was missed, and end')
      .option(
        '--part <name>',
        `only some of the jobs, beside other processes: ${PARTS.map(({ name }) => name).join(', ')}`,
      )
      .option('--host <address>', 'address of /healthz, /readyz and /metrics (default: loopback only)')
      .addOption(intOption('--port <n>', 'its port; 0 takes a free one', 0, 65_535))
      .option('--replay <dir>', 'live through the lake of the city in that data folder, at full speed')
      .addOption(timeOption('--from <time>', 'with --replay: begin here (default: where it stopped)'))
      .addOption(timeOption('--until <time>', 'with --replay: end here (default: the last snapshot)'))
      .addOption(faultOption())
    addExamples(command, [
      ['run --city nyc,paris', 'keep two cities going; ends with Ctrl-C'],
      ['run --part batch --once', 'what is due of predicting and judging, as a scheduled task'],
      ['run --replay ../recordings --city sf', 'what the same would have done on a recording'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const cities = distinct(options.cities.length > 0 ? options.cities : [await context.city()]).map(
          checkedCity,
        )
        return options.replay === undefined
          ? live(context, options, cities)
          : replayed(context, options, cities, resolve(options.replay))
      }),
    )
  },
}

function checkedCity(name: string): string {
  if (citySchema.safeParse(name).success) return name
  throw new OperatorError(
    'USAGE',
    `"${name}" cannot be a city`,
    'Use lower-case letters, digits and hyphens.',
  )
}

async function live(
  context: CommandContext,
  options: Options,
  names: readonly string[],
): Promise<CommandResult> {
  const { config, signal } = context
  if (options.from !== undefined || options.until !== undefined || options.fault.length > 0)
    throw new OperatorError('USAGE', '--from, --until and --fault go with --replay', 'Leave them out.')
  const feedStop = new AbortController()
  const feeds = names.map((name) => feedOf(context, name, { signal: feedStop.signal }))
  const grace = (): void => void setTimeout(() => feedStop.abort(), FEED_GRACE_MS).unref()
  signal.addEventListener('abort', grace)
  const cities: ScheduledCity[] = []
  for (const { options: ingest } of feeds) {
    const platform = await context.openPlatform(context.lakeRoot(ingest.city))
    const leftovers = leftoversOf(context.lakeRoot(ingest.city))
    cities.push({ name: ingest.city, platform, ingest, settings: config, leftovers, env: context.env })
  }
  const part = options.part === undefined ? {} : { part: partOf(options.part) }
  const scheduler = openScheduler({ ...common(context), ...part, budgetMs: BUDGET_MS, cities })
  const server =
    options.once === true
      ? undefined
      : await startStatusServer({
          hostname: options.host ?? config.run.host,
          port: options.port ?? config.run.port,
          clock: context.wall,
          cities: scheduler.cities.map((city, i) => ({
            name: city.city,
            late: (now) => (city.tickedAt() === null ? ['it has not begun'] : city.late(now)),
            metricsText: async (now) => {
              const platform = cities[i]?.platform
              return platform ? prometheusText(platform, { now, namespace: config.cw_custom_ns }) : ''
            },
          })),
        })
  if (server) context.report.info(`Health and metrics at ${server.url}; ends with Ctrl-C`)
  try {
    await keepCitiesGoing(scheduler, {
      clock: context.wall,
      report: context.report,
      signal,
      wait: options.wait === true,
      once: options.once === true,
    })
  } finally {
    if (signal.aborted) context.report.info('Ending: what is under way is finished, nothing new is begun.')
    await scheduler.close()
    await server?.close()
    for (const { client } of feeds) await client.close()
    signal.removeEventListener('abort', grace)
  }
  const late = scheduler.cities.flatMap((city) =>
    city.late(context.wall()).map((line) => `${city.city}: ${line}`),
  )
  return {
    human: late.length === 0 ? 'Ended; nothing was late.' : `Ended. Late or failing:\n  ${late.join('\n  ')}`,
    json: { cities: names, late },
  }
}

async function replayed(
  context: CommandContext,
  options: Options,
  names: readonly string[],
  folder: string,
): Promise<CommandResult> {
  const runs = await Promise.all(
    names.map(async (city) => {
      const time = { now: 0 }
      const recording = await context.openPlatform(join(folder, city))
      const lake = await context.openPlatform(context.lakeRoot(city), () => time.now)
      // Nobody is asked twice: in a replay the next moment is there at once.
      const client = openFeedClient({ allowPrivate: true, retries: 0 })
      try {
        return await liveThrough({
          ...common(context),
          city,
          lake,
          recording,
          client,
          settings: context.config,
          from: options.from,
          until: options.until,
          faults: options.fault,
          setNow: (now) => (time.now = now),
          signal: context.signal,
          env: context.env,
        })
      } finally {
        await client.close()
      }
    }),
  )
  const lines = runs.map(
    ({ city, from, now, runs: done, failed }) =>
      `${city}: from ${isoOf(from)} to ${isoOf(now)}, ${done} runs of jobs, ${failed} failed.`,
  )
  return { human: lines.join('\n'), json: { runs } }
}

function common({ wall, elapsedMs, report }: CommandContext): SchedulerOptions {
  return { holder: { host: hostname(), pid: process.pid }, wall, elapsedMs, report }
}

import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { Option } from 'commander'
import { runGate } from '../../../operations/release/gate/gate.ts'
import { listWaivers, waive } from '../../../operations/release/gate/waivers.ts'
import type { CommandModule } from '../command.ts'
import { gateJunit, gateMarkdown, gateText } from '../gate-text.ts'
import { addExamples, timeOption } from '../options.ts'
import { textTable } from '../table.ts'

interface Options {
  readonly endpoint?: string
  readonly target?: Target | 'both'
  readonly markdown?: boolean
  readonly junit?: boolean
}

interface WaiveOptions {
  readonly metric: string
  readonly endpoint?: string
  readonly by: string
  readonly why: string
  readonly until?: number
}

/** `bikeshare gate`, `bikeshare gate waive|waivers`. */
export const command: CommandModule = {
  actsItself: true,
  build(command, act) {
    command
      .option(
        '--endpoint <name>',
        'the endpoint that asks for admission (default: sm_endpoint of the settings)',
      )
      .addOption(
        new Option('--target <which>', 'also the endpoint of the other target').choices([...TARGETS, 'both']),
      )
      .option('--markdown', 'print a table for a job’s summary')
      .option('--junit', 'print JUnit XML')
    command.addHelpText(
      'after',
      '\nExit codes: 0 every condition holds, 4 one does not or its data are missing.',
    )
    addExamples(command, [
      [
        'gate --endpoint bikeshare-staging --city nyc --region ca-central-1',
        'may the model on staging go live?',
      ],
      ['gate --target both --json', 'both endpoints of staging, for a machine'],
      [
        'gate waive --metric PSI --by ann --why "a new district opened" --until 2024-05-16T00:00:00Z',
        'let PSI be exceeded until then, on the record',
      ],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now } = await context.openLake()
        const results = []
        for (const endpoint of endpointsOf(options.endpoint ?? context.config.sm_endpoint, options.target))
          results.push(
            await runGate(platform, {
              endpoint,
              city: info.city,
              region: context.config.region,
              namespace: context.config.cw_custom_ns,
              now,
            }),
          )
        const [only, ...others] = results
        const passes = results.every(({ verdict }) => verdict === 'pass')
        const human =
          options.junit === true
            ? gateJunit(results)
            : results.map(options.markdown === true ? gateMarkdown : gateText).join('\n\n')
        const json =
          only && others.length === 0 ? only : { verdict: passes ? 'pass' : 'fail', gates: results }
        return { human, json, exitCode: passes ? 0 : 4 }
      }),
    )

    const waiver = command.command('waive').description('Let PSI be exceeded for a while, on the record.')
    waiver
      .requiredOption('--metric <name>', 'PSI; no other condition can be waived')
      .option('--endpoint <name>', 'for this endpoint (default: sm_endpoint of the settings)')
      .requiredOption('--by <who>', 'who answers for it')
      .requiredOption('--why <reason>', 'why it may pass')
      .addOption(timeOption('--until <time>', 'when it ends, two weeks from now at most'))
    addExamples(waiver, [
      ['gate waive --metric PSI --by ann --why "a new district opened" --until 2024-05-16', 'until that day'],
    ])
    waiver.action(
      act<WaiveOptions>(async (context, options) => {
        if (options.until === undefined)
          throw new OperatorError(
            'USAGE',
            'a waiver needs an end',
            'Give --until, two weeks from now at most.',
          )
        const { platform, now } = await context.openLake()
        const endpoint = options.endpoint ?? context.config.sm_endpoint
        const { metric, by, why, until } = options
        const given = await waive(platform.store, { metric, endpoint, by, why, until }, now)
        return {
          human: `${given.by} lets ${given.metric} of ${endpoint} pass until ${isoOf(given.until)}.`,
          json: { waiver: given },
        }
      }),
    )

    const list = command.command('waivers').description('List the waivers, past ones too.')
    addExamples(list, [['gate waivers', 'who let what pass, and until when']])
    list.action(
      act(async (context) => {
        const { platform, now } = await context.openLake()
        const waivers = await listWaivers(platform.store)
        const rows = waivers.map((w) => [
          w.endpoint,
          w.metric,
          w.by,
          isoOf(w.from),
          isoOf(w.until),
          w.until > now ? 'holds' : 'over',
          w.why,
        ])
        return {
          human:
            rows.length === 0
              ? 'Nothing was ever waived.'
              : textTable(['endpoint', 'metric', 'by', 'from', 'until', 'state', 'why'], rows),
          json: { waivers },
        }
      }),
    )
  },
}

/** The endpoint, or both of its pair: NAME for bikes, NAME-docks for docks. */
function endpointsOf(endpoint: string, target: Options['target']): string[] {
  const bikes = endpoint.replace(/-docks$/, '')
  if (target === undefined) return [endpoint]
  if (target === 'both') return [bikes, `${bikes}-docks`]
  return [target === 'docks' ? `${bikes}-docks` : bikes]
}

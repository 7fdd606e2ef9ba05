import { Option } from 'commander'
import { endpointPrefix } from '../../../core/city-names.ts'
import type { Target } from '../../../core/contracts/features.ts'
import type { Strategy } from '../../../core/contracts/release.ts'
import { OperatorError } from '../../../core/errors.ts'
import { endpointName } from '../../../core/names.ts'
import { modelGroup, resolveModel } from '../../../model/registry/registry.ts'
import { advanceRelease } from '../../../operations/release/advance.ts'
import { beginPromotion } from '../../../operations/release/promote.ts'
import { activeRelease } from '../../../operations/release/release-store.ts'
import type { CommandModule } from '../command.ts'
import { followRelease, releaseResult } from '../follow-release.ts'
import { gateText } from '../gate-text.ts'
import { addExamples, durationOption, intOption, targetOption, targetsOf } from '../options.ts'

const STRATEGIES = ['all-at-once', 'canary', 'linear', 'ab', 'shadow'] as const

interface Options {
  readonly stagingEndpoint?: string
  readonly prodEndpoint?: string
  readonly modelName?: string
  readonly instanceType?: string
  readonly target: Target | 'both'
  readonly strategy: (typeof STRATEGIES)[number]
  readonly canaryPercent: number
  readonly stepPercent: number
  readonly ramp: string
  readonly interval: number
  readonly bake: number
  readonly maxWait: number
  readonly by: string
  readonly why: string
  readonly resume?: boolean
  readonly nextStep?: boolean
  readonly wait: boolean
}

/** `bikeshare promote`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option(
        '--staging-endpoint <name>',
        'what serves here is promoted (default: the city’s, such as bikeshare-staging)',
      )
      .option('--prod-endpoint <name>', 'where it goes (default: the city’s, such as bikeshare-prod)')
      .option('--model-name <version>', 'version or alias; it must be what staging serves (default: that)')
      .option('--instance-type <type>', 'SageMaker instance type')
      .addOption(targetOption())
      .addOption(
        new Option('--strategy <name>', 'how traffic goes over').choices(STRATEGIES).default('all-at-once'),
      )
      .addOption(intOption('--canary-percent <n>', 'canary: share of the first step', 1, 50).default(10))
      .addOption(intOption('--step-percent <n>', 'linear: share that each step adds', 10, 50).default(25))
      .option('--ramp <shares>', 'ab: shares of the candidate in per cent, the last 100', '10,25,50,100')
      .addOption(
        durationOption('--interval <time>', 'canary, linear: between two steps, at most 1h').default(
          600,
          '10m',
        ),
      )
      .addOption(durationOption('--bake <time>', 'ab, shadow: shortest watch of a step').default(3600, '1h'))
      .addOption(
        durationOption('--max-wait <time>', 'ab, shadow: longest wait for what is missing').default(
          86_400,
          '1d',
        ),
      )
      .option('--by <who>', 'who does it, for the record', 'operator')
      .option('--why <reason>', 'why, for the record', '')
      .option('--resume', 'go on with the release that is under way')
      .option('--next-step', 'with --resume: take an A/B or a shadow to its next step before its time')
      .option('--no-wait', 'return when a step is to be watched; `bikeshare run` goes on with it')
    command.addHelpText(
      'after',
      '\nExit codes: 0 it serves (or is under way, with --no-wait), 4 the gate stayed shut or it was taken back.',
    )
    addExamples(command, [
      ['promote --city nyc --region ca-central-1', 'what staging serves, at once, if the gate is open'],
      [
        'promote --strategy canary --canary-percent 10 --interval 10m',
        '10 %, a bake, all, a bake; an alarm takes it back',
      ],
      ['promote --strategy ab --ramp 10,25,50,100 --bake 2h', 'judged by what happened, step by step'],
      ['promote --resume', 'go on after a kill'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const lake = await context.openLake()
        const { platform, info, now } = lake
        if (options.resume === true) {
          if (!(await activeRelease(platform.store)))
            throw new OperatorError(
              'NOT_FOUND',
              'no release is under way',
              '`bikeshare history` shows what was.',
            )
          if (options.nextStep === true)
            await advanceRelease(platform, { by: options.by, why: options.why, now })
          const resumed = await followRelease(context, lake, options)
          return resumed ? releaseResult(resumed) : { human: 'It has ended.', json: { release: null } }
        }
        if (options.nextStep === true)
          throw new OperatorError('USAGE', '--next-step goes with --resume', 'Give both, or neither.')
        const targets = targetsOf(options.target)
        const versions: Partial<Record<Target, string>> = {}
        if (options.modelName !== undefined)
          for (const target of targets)
            versions[target] = await resolveModel(
              platform.store,
              modelGroup(info.city, target),
              options.modelName,
            )
        const prefix = endpointPrefix(context.config, info.city)
        const { gates, release } = await beginPromotion(platform, {
          city: info.city,
          region: context.config.region,
          namespace: context.config.cw_custom_ns,
          stagingEndpoint: options.stagingEndpoint ?? endpointName('staging', 'bikes', prefix),
          prodEndpoint: options.prodEndpoint ?? endpointName('prod', 'bikes', prefix),
          targets,
          versions,
          instanceType: options.instanceType ?? context.config.serve.instance_type,
          capturePercent: context.config.serve.capture_percent,
          strategy: strategyOf(options),
          by: options.by,
          why: options.why,
          now,
          report: context.report,
        })
        const said = gates.map(gateText).join('\n\n')
        if (gates.some(({ verdict }) => verdict === 'fail'))
          return { human: said, json: { gates, release: null }, exitCode: 4 }
        if (!release)
          return { human: `${said}\n\nProduction serves it already.`, json: { gates, release: null } }
        const ended = (await followRelease(context, lake, options)) ?? release
        const result = releaseResult(ended, { gates })
        return { ...result, human: `${said}\n\n${result.human}` }
      }),
    )
  },
}

function strategyOf(options: Options): Strategy {
  const { strategy } = options
  const watched = { bake_seconds: options.bake, max_wait_seconds: options.maxWait }
  if (strategy === 'canary')
    return { type: 'canary', canary_percent: options.canaryPercent, wait_seconds: options.interval }
  if (strategy === 'linear')
    return { type: 'linear', step_percent: options.stepPercent, wait_seconds: options.interval }
  if (strategy === 'shadow') return { type: 'shadow', ...watched }
  if (strategy === 'all-at-once') return { type: 'all-at-once', wait_seconds: 0 }
  const ramp = options.ramp.split(',').map(Number)
  if (
    ramp.some((share, i) => !(Number.isInteger(share) && share > (ramp[i - 1] ?? 0))) ||
    ramp.at(-1) !== 100
  )
    throw new OperatorError(
      'USAGE',
      `--ramp ${options.ramp} is no ramp`,
      'Write growing whole per cents that end at 100: 10,25,50,100.',
    )
  return { type: 'ab', ramp, ...watched }
}

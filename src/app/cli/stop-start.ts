import type { Command } from 'commander'
import { TARGETS } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import { endpointPrefix } from '../../core/city-names.ts'
import { endpointName, STAGES } from '../../core/names.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { savingWords } from '../../operations/staging/savings.ts'
import { startEndpoint } from '../../operations/staging/start-endpoint.ts'
import { stopEndpoint, type Stopped } from '../../operations/staging/stop-endpoint.ts'
import { readStopped } from '../../operations/staging/stopped-file.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import type { Act } from './command.ts'
import { addExamples } from './options.ts'

interface StopOptions {
  readonly stage?: string
  readonly by: string
  readonly why: string
}

/** `endpoints stop`, `endpoints start`. */
export function addStopAndStart(command: Command, act: Act): void {
  const stop = command
    .command('stop')
    .description('Stop an endpoint, and keep what it served so that start brings it back as it was.')
    .argument('[endpoint]', 'its name')
    .option('--stage <stage>', 'every endpoint of a stage instead: staging')
    .option('--by <who>', 'who does it, for the record', 'operator')
    .option('--why <reason>', 'why, for the record', '')
  addExamples(stop, [
    ['endpoints stop bikeshare-staging-docks', 'stop paying for it'],
    ['endpoints stop --stage staging --why "production is stable"', 'both endpoints of staging'],
  ])
  stop.action(
    act<StopOptions>(async (context, { stage, by, why }, name) => {
      const { platform, info, now } = await context.openLake()
      const done: Stopped[] = []
      for (const endpoint of await named(
        platform.store,
        name,
        stage,
        endpointPrefix(context.config, info.city),
      ))
        done.push(await stopEndpoint(platform, { endpoint, by, why, now }))
      const human = done
        .map(
          ({ stopped, saves_usd }) => `${stopped.deployment.endpoint} is stopped: ${savingWords(saves_usd)}.`,
        )
        .join('\n')
      const stopped = done.map(({ stopped: one, saves_usd }) => ({
        endpoint: one.deployment.endpoint,
        at: one.at,
        variants: one.deployment.variants,
        saves_usd_a_month: saves_usd,
      }))
      return { human, json: { stopped } }
    }),
  )

  const start = command
    .command('start')
    .description('Bring a stopped endpoint back with what it served.')
    .argument('[endpoint]', 'its name')
    .option('--stage <stage>', 'every endpoint of a stage instead: staging')
    .option('--by <who>', 'who does it, for the record', 'operator')
  addExamples(start, [['endpoints start --stage staging', 'both endpoints of staging, as they were']])
  start.action(
    act<Omit<StopOptions, 'why'>>(async (context, { stage, by }, name) => {
      const { platform, info, now } = await context.openLake()
      const started = []
      for (const endpoint of await named(
        platform.store,
        name,
        stage,
        endpointPrefix(context.config, info.city),
      ))
        started.push(await startEndpoint(platform, { endpoint, by, now }))
      const human = started
        .map((d) => `${d.endpoint} serves ${d.variants.map((v) => v.model_version).join(', ')}.`)
        .join('\n')
      return { human, json: { deployments: started } }
    }),
  )
}

/** The endpoint that is named, or those of a stage that serve or are stopped. */
async function named(
  store: ObjectStore,
  name: string | undefined,
  stage: string | undefined,
  prefix: string,
): Promise<string[]> {
  if (name !== undefined && stage === undefined) return [name]
  const wanted = STAGES.find((one) => one === stage)
  if (name !== undefined || wanted === undefined)
    throw new OperatorError('USAGE', 'which endpoint?', 'Name one, or give --stage staging.')
  const found: string[] = []
  for (const target of TARGETS) {
    const endpoint = endpointName(wanted, target, prefix)
    if ((await readDeployment(store, endpoint)) ?? (await readStopped(store, endpoint))) found.push(endpoint)
  }
  if (found.length > 0) return found
  throw new OperatorError(
    'NOT_FOUND',
    `no endpoint of ${wanted} is deployed`,
    'See `bikeshare endpoints list`.',
  )
}

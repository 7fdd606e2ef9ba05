import { endpointPrefix } from '../../../core/city-names.ts'
import type { Target } from '../../../core/contracts/features.ts'
import { OperatorError } from '../../../core/errors.ts'
import { STAGES, type Stage } from '../../../core/names.ts'
import { isoOf } from '../../../core/time.ts'
import { modelGroup, resolveModel } from '../../../model/registry/registry.ts'
import { deleteDeployment, readDeployment, scaleDeployment } from '../../../model/serving/deployments.ts'
import type { EndpointDescription, Platform } from '../../../platform/ports.ts'
import type { CommandModule } from '../command.ts'
import { addStopAndStart } from '../stop-start.ts'
import { listStopped, readStopped, stoppedKey } from '../../../operations/staging/stopped-file.ts'
import { startStagingFor } from '../../../operations/staging/start-endpoint.ts'
import { addExamples, intOption, numberOption, targetOption, targetsOf } from '../options.ts'
import { textTable } from '../table.ts'

interface DeployOptions {
  readonly target: Target | 'both'
  readonly stage: Stage
  readonly model: string
  readonly by: string
  readonly instanceType?: string
}

interface ScaleOptions {
  readonly variant: string
  readonly by: string
  readonly weight?: number
  readonly instances?: number
}

/** `bikeshare endpoints deploy|list|describe|delete|scale|stop|start`. */
export const command: CommandModule = {
  build(command, act) {
    const deploy = command.command('deploy').description('Put a model version on the endpoint of a stage.')
    deploy
      .addOption(targetOption())
      .requiredOption('--stage <stage>', STAGES.join(' or '))
      .option('--model <version>', 'version, alias or "latest"', 'latest')
      .option('--instance-type <type>', 'SageMaker instance type')
      .option('--by <who>', 'who does it, for the record', 'operator')
    addExamples(deploy, [
      ['endpoints deploy --stage staging', 'the newest bikes and docks models to staging'],
    ])
    deploy.action(
      act<DeployOptions>(async (context, options) => {
        const stage = STAGES.find((s) => s === options.stage)
        if (!stage)
          throw new OperatorError(
            'USAGE',
            `"${options.stage}" is not a stage`,
            `Write ${STAGES.join(' or ')}.`,
          )
        const { platform, info, now } = await context.openLake()
        const deployments = []
        for (const target of targetsOf(options.target)) {
          const group = modelGroup(info.city, target)
          const version = await resolveModel(platform.store, group, options.model)
          const deployment = await startStagingFor(platform, {
            stage,
            city: info.city,
            target,
            group,
            version,
            prefix: endpointPrefix(context.config, info.city),
            serve: context.config.serve,
            instanceType: options.instanceType,
            by: options.by,
            now,
          })
          deployments.push(deployment)
        }
        const lines = deployments.map(
          (d) => `${d.endpoint} serves ${d.variants.map((v) => v.model_version).join(', ')}.`,
        )
        return { human: lines.join('\n'), json: { deployments } }
      }),
    )

    const list = command.command('list').description('List the endpoints, their state and what they serve.')
    addExamples(list, [['endpoints list', 'every endpoint of the city']])
    list.action(
      act(async (context) => {
        const { platform } = await context.openLake()
        const endpoints = []
        for (const endpoint of await platform.endpoints.listEndpoints()) {
          endpoints.push({
            ...endpoint,
            deployment: (await readDeployment(platform.store, endpoint.EndpointName)) ?? null,
          })
        }
        const rows = endpoints.flatMap((e) =>
          e.ProductionVariants.map((v) => [
            e.EndpointName,
            e.EndpointStatus,
            v.VariantName,
            v.CurrentWeight,
            e.deployment?.variants.find((d) => d.variant === v.VariantName)?.model_version ?? null,
            isoOf(e.LastModifiedTime),
          ]),
        )
        const stopped = await listStopped(platform.store)
        rows.push(
          ...stopped.map(({ state, at, deployment: { endpoint, variants } }) => [
            endpoint,
            state,
            variants.map((v) => v.variant).join(', '),
            null,
            variants.map((v) => v.model_version).join(', '),
            isoOf(at),
          ]),
        )
        return {
          human:
            rows.length === 0
              ? 'No endpoint yet: `bikeshare endpoints deploy --stage staging`.'
              : textTable(['endpoint', 'status', 'variant', 'weight', 'model', 'changed'], rows),
          json: { endpoints, stopped },
        }
      }),
    )

    const describe = command
      .command('describe')
      .description('Describe one endpoint.')
      .argument('<endpoint>', 'its name')
    addExamples(describe, [['endpoints describe bikeshare-staging', 'state, config, variants, model']])
    describe.action(
      act(async (context, _options, name = '') => {
        const { platform } = await context.openLake()
        const endpoint = await requireEndpoint(platform, name)
        const config = await platform.endpoints.describeEndpointConfig(endpoint.EndpointConfigName)
        const answer = {
          endpoint,
          config: config ?? null,
          deployment: (await readDeployment(platform.store, name)) ?? null,
        }
        return { human: JSON.stringify(answer, null, 2), json: answer }
      }),
    )

    const remove = command
      .command('delete')
      .description('Delete one endpoint; its models stay in the registry.')
      .argument('<endpoint>', 'its name')
      .option('--by <who>', 'who does it, for the record', 'operator')
    addExamples(remove, [['endpoints delete bikeshare-staging-docks', 'stop serving it']])
    remove.action(
      act<{ by: string }>(async (context, options, name = '') => {
        const { platform, now } = await context.openLake()
        if (!(await readStopped(platform.store, name))) await requireEndpoint(platform, name)
        await deleteDeployment(platform, name, { by: options.by, now })
        await platform.store.delete(stoppedKey(name))
        return { human: `${name} is deleted.`, json: { deleted: name } }
      }),
    )

    const scale = command
      .command('scale')
      .description('Change a variant’s weight or number of instances.')
      .argument('<endpoint>', 'its name')
    scale
      .option('--variant <name>', 'which variant', 'AllTraffic')
      .addOption(numberOption('--weight <x>', 'share of traffic, against the sum of all weights', 0, 1000))
      .addOption(intOption('--instances <n>', 'instances', 1, 100))
      .option('--by <who>', 'who does it, for the record', 'operator')
    addExamples(scale, [
      ['endpoints scale bikeshare-prod --variant Candidate --weight 0', 'send the candidate no more traffic'],
    ])
    scale.action(
      act<ScaleOptions>(async (context, options, name = '') => {
        if (options.weight === undefined && options.instances === undefined) {
          throw new OperatorError('USAGE', 'nothing to change', 'Give --weight, --instances or both.')
        }
        const { platform, now } = await context.openLake()
        await requireEndpoint(platform, name)
        const endpoint = await scaleDeployment(platform, {
          endpoint: name,
          variant: options.variant,
          by: options.by,
          ...(options.weight === undefined ? {} : { weight: options.weight }),
          ...(options.instances === undefined ? {} : { instances: options.instances }),
          now,
        })
        return { human: JSON.stringify(endpoint, null, 2), json: { endpoint } }
      }),
    )
    addStopAndStart(command, act)
  },
}

/** The endpoint as it is; NOT_FOUND names those that there are. */
async function requireEndpoint(
  { endpoints }: Pick<Platform, 'endpoints'>,
  name: string,
): Promise<EndpointDescription> {
  const endpoint = await endpoints.describeEndpoint(name)
  if (endpoint) return endpoint
  const names = (await endpoints.listEndpoints()).map((e) => e.EndpointName).join(', ')
  throw new OperatorError(
    'NOT_FOUND',
    `there is no endpoint "${name}"`,
    names ? `There are ${names}.` : 'Deploy one with `bikeshare endpoints deploy --stage staging`.',
  )
}

import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  paginateListEndpoints,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  type DeploymentConfig as AwsDeploymentConfig,
} from '@aws-sdk/client-sagemaker'
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { OperatorError } from '../../../core/errors.ts'
import { MAX_NAME_LENGTH, NAME_PATTERN } from '../../../core/names.ts'
import type { DeploymentConfig, EndpointDescription, EndpointHost } from '../../ports.ts'
import { clientSettings, noRole, opened, type AwsAccess } from '../aws-access.ts'
import { keyOf, uriOf, type S3Location } from '../s3-location.ts'
import { controlCall, unlessMissing } from './control-call.ts'
import { describedEndpoint } from './describe-endpoint.ts'
import { configInput, describedConfig } from './endpoint-config.ts'
import { invoke } from './invoke.ts'

export interface SageMakerHostOptions {
  readonly access: AwsAccess
  /** SageMaker's runtime is a service of its own; without it `access` is for both. */
  readonly runtime?: AwsAccess
  /** Where the lake is: model archives are read from it, captured requests are written below `datacapture/`. */
  readonly lake: S3Location
  /** What SageMaker runs the containers as: reads the archives, writes captures, logs and metrics. Needed to make a model. */
  readonly roleArn?: string
  /** Image of the models that name none: the built-in XGBoost's, or our own container's. */
  readonly image: string
  /** Which endpoints of the account are listed: some of those that begin with a prefix. All of them without it. */
  readonly listed?: { readonly prefix: string; readonly owns: (name: string) => boolean }
  /** On everything that is made, for bills and permissions by tag. */
  readonly tags?: Readonly<Record<string, string>>
}

/** An invocation that cannot be answered in time is of no use: the caller's own retries go on from here. */
const INVOKE_ATTEMPTS = 2
/** DescribeEndpoint has a small quota. */
const DESCRIBED_AT_ONCE = 4

/**
 * SageMaker's real-time endpoints. Models are named by keys of the lake, as everywhere; SageMaker is told their S3 addresses,
 * and its messages are given with keys again. Containers have no network: what they need is the archive.
 */
export function openSageMakerHost(options: SageMakerHostOptions): EndpointHost {
  const { access, lake, roleArn, image, listed } = options
  const client = opened(access, new SageMakerClient(clientSettings(access)))
  const runtimeAccess = options.runtime ?? access
  const runtime = opened(
    runtimeAccess,
    new SageMakerRuntimeClient(clientSettings({ maxAttempts: INVOKE_ATTEMPTS, ...runtimeAccess })),
  )
  const Tags = Object.entries(options.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  const tagged = Tags.length > 0 ? { Tags } : {}

  const control = async <T>(action: string, resource: string, call: Promise<T>): Promise<T> =>
    controlCall(lake, { action: `sagemaker:${action}`, resource }, call)
  const found = async <T>(
    action: string,
    kind: string,
    name: string,
    ask: () => Promise<T>,
  ): Promise<T | undefined> =>
    // What is no name is the name of nothing.
    isName(name) ? control(action, `${kind} ${name}`, unlessMissing(ask())) : undefined

  /** An account has endpoints of several cities: a name of another's is a mistake. */
  const requireOwn = (name: string): void => {
    if (listed === undefined || listed.owns(name)) return
    throw new OperatorError(
      'MISMATCH',
      `${name} is no endpoint of this city: its own begin with ${listed.prefix}-`,
      'Name the city’s own; `first_city` under [aws] says which city has the short names.',
    )
  }

  const describeEndpoint = async (EndpointName: string): Promise<EndpointDescription | undefined> => {
    const ask = () => client.send(new DescribeEndpointCommand({ EndpointName }))
    const endpoint = await found('DescribeEndpoint', 'endpoint', EndpointName, ask)
    return endpoint && describedEndpoint(endpoint)
  }

  return {
    async createModel({ ModelName, PrimaryContainer: { ModelDataUrl, ...container } }) {
      if (roleArn === undefined) throw noRole('endpoint_role_arn')
      const command = new CreateModelCommand({
        ModelName,
        PrimaryContainer: { Image: image, ...container, ModelDataUrl: uriOf(lake, ModelDataUrl) },
        ExecutionRoleArn: roleArn,
        EnableNetworkIsolation: true,
        ...tagged,
      })
      await control('CreateModel', `model ${ModelName}`, client.send(command))
    },
    async describeModel(ModelName) {
      const ask = () => client.send(new DescribeModelCommand({ ModelName }))
      const model = await found('DescribeModel', 'model', ModelName, ask)
      if (!model) return undefined
      const { ModelDataUrl = '', Image, Environment } = model.PrimaryContainer ?? {}
      return {
        ModelName,
        PrimaryContainer: {
          ModelDataUrl: keyOf(lake, ModelDataUrl),
          ...(Image !== undefined && { Image }),
          ...(Environment && { Environment }),
        },
      }
    },
    async deleteModel(ModelName) {
      await control('DeleteModel', `model ${ModelName}`, client.send(new DeleteModelCommand({ ModelName })))
    },

    async createEndpointConfig(config) {
      const command = new CreateEndpointConfigCommand({ ...configInput(lake, config), ...tagged })
      const resource = `endpoint config ${config.EndpointConfigName}`
      await control('CreateEndpointConfig', resource, client.send(command))
    },
    async describeEndpointConfig(EndpointConfigName) {
      const ask = () => client.send(new DescribeEndpointConfigCommand({ EndpointConfigName }))
      const config = await found('DescribeEndpointConfig', 'endpoint config', EndpointConfigName, ask)
      return config && describedConfig(config)
    },
    async deleteEndpointConfig(EndpointConfigName) {
      const command = new DeleteEndpointConfigCommand({ EndpointConfigName })
      await control('DeleteEndpointConfig', `endpoint config ${EndpointConfigName}`, client.send(command))
    },

    async createEndpoint(input) {
      requireOwn(input.EndpointName)
      const command = new CreateEndpointCommand({ ...input, ...tagged })
      await control('CreateEndpoint', `endpoint ${input.EndpointName}`, client.send(command))
    },
    async updateEndpoint({ EndpointName, EndpointConfigName, DeploymentConfig }) {
      requireOwn(EndpointName)
      const command = new UpdateEndpointCommand({
        EndpointName,
        EndpointConfigName,
        ...(DeploymentConfig && { DeploymentConfig: awsDeployment(DeploymentConfig) }),
      })
      await control('UpdateEndpoint', `endpoint ${EndpointName}`, client.send(command))
    },
    async updateEndpointWeightsAndCapacities({ EndpointName, DesiredWeightsAndCapacities }) {
      const command = new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName,
        DesiredWeightsAndCapacities: [...DesiredWeightsAndCapacities],
      })
      await control('UpdateEndpointWeightsAndCapacities', `endpoint ${EndpointName}`, client.send(command))
    },
    describeEndpoint,
    async listEndpoints() {
      const names: string[] = []
      const pages = paginateListEndpoints(
        { client, pageSize: 100 },
        {
          SortBy: 'Name',
          SortOrder: 'Ascending',
          ...(listed && { NameContains: listed.prefix }),
        },
      )
      const read = async (): Promise<void> => {
        for await (const { Endpoints = [] } of pages)
          names.push(...Endpoints.map(({ EndpointName = '' }) => EndpointName))
      }
      await control('ListEndpoints', 'the endpoints of the account', read())
      const described: EndpointDescription[] = []
      const own = names.filter((name) => listed?.owns(name) ?? true).sort()
      for (let i = 0; i < own.length; i += DESCRIBED_AT_ONCE) {
        const some = await Promise.all(own.slice(i, i + DESCRIBED_AT_ONCE).map(describeEndpoint))
        // One may have been deleted since it was listed.
        described.push(...some.filter((endpoint) => endpoint !== undefined))
      }
      return described
    },
    async deleteEndpoint(EndpointName) {
      const command = new DeleteEndpointCommand({ EndpointName })
      await control('DeleteEndpoint', `endpoint ${EndpointName}`, client.send(command))
    },

    invokeEndpoint: (input) => invoke(runtime, input),
    async flush() {},
    async close() {
      client.destroy()
      runtime.destroy()
    },
  }
}

const isName = (name: string): boolean => name.length <= MAX_NAME_LENGTH && NAME_PATTERN.test(name)

/** As the SDK's types have it, which know no readonly lists. */
function awsDeployment({
  BlueGreenUpdatePolicy,
  AutoRollbackConfiguration,
}: DeploymentConfig): AwsDeploymentConfig {
  return {
    BlueGreenUpdatePolicy,
    ...(AutoRollbackConfiguration && {
      AutoRollbackConfiguration: { Alarms: [...AutoRollbackConfiguration.Alarms] },
    }),
  }
}

import { z } from 'zod'
import { ControlError } from '../../ports.ts'
import { arnOf } from './arn.ts'
import { checkName } from './control-checks.ts'
import { notFound } from './control-refusals.ts'
import type { LocalEndpointHost } from './endpoint-host.ts'
import { deploymentConfigSchema } from './rollout.ts'

/** One control call of SageMaker's API: `input` and the answer are its JSON. */
export interface ControlOperation {
  /** Changes something; refused where control is not allowed. */
  readonly changes: boolean
  run(host: LocalEndpointHost, input: unknown): Promise<unknown>
}

const name = z.string()
const roleArn = z.string().optional()

const createModel = z.object({
  ModelName: name,
  PrimaryContainer: z.object({
    ModelDataUrl: z.string(),
    Image: z.string().exactOptional(),
    Environment: z.record(z.string(), z.string()).exactOptional(),
  }),
  ExecutionRoleArn: roleArn,
})

const productionVariant = z.object({
  VariantName: name,
  ModelName: name,
  InitialVariantWeight: z.number().default(1),
  InitialInstanceCount: z.number().default(1),
  InstanceType: z.string(),
})

const createEndpointConfig = z.object({
  EndpointConfigName: name,
  ProductionVariants: z.array(productionVariant),
  ShadowProductionVariants: z.array(productionVariant).exactOptional(),
  DataCaptureConfig: z
    .object({ EnableCapture: z.boolean().default(true), InitialSamplingPercentage: z.number() })
    .exactOptional(),
})

const modelNamed = z.object({ ModelName: name })
const configNamed = z.object({ EndpointConfigName: name })
const endpointNamed = z.object({ EndpointName: name })
const endpointWithConfig = z.object({ EndpointName: name, EndpointConfigName: name })
const update = endpointWithConfig.extend({ DeploymentConfig: deploymentConfigSchema.exactOptional() })
const weights = z.object({
  EndpointName: name,
  DesiredWeightsAndCapacities: z.array(
    z.object({
      VariantName: name,
      DesiredWeight: z.number().exactOptional(),
      DesiredInstanceCount: z.number().exactOptional(),
    }),
  ),
})
const listing = z.object({ NameContains: z.string().optional(), StatusEquals: z.string().optional() })

function operation<T>(
  changes: boolean,
  schema: z.ZodType<T>,
  run: (host: LocalEndpointHost, input: T) => Promise<unknown>,
): ControlOperation {
  return { changes, run: (host, input) => run(host, parse(schema, input)) }
}

/** The calls that are spoken, by the part of X-Amz-Target after `SageMaker.`. */
export const CONTROL_OPERATIONS: Readonly<Record<string, ControlOperation>> = {
  CreateModel: operation(true, createModel, async (host, input) => {
    await host.createModel({ ModelName: input.ModelName, PrimaryContainer: input.PrimaryContainer })
    return { ModelArn: arnOf('model', input.ModelName) }
  }),
  DescribeModel: operation(false, modelNamed, async (host, { ModelName }) => {
    checkName(ModelName, 'modelName')
    const model = await host.describeModel(ModelName)
    if (!model) throw notFound('model', ModelName)
    return { ...model, ModelArn: arnOf('model', ModelName) }
  }),
  DeleteModel: operation(true, modelNamed, (host, { ModelName }) => host.deleteModel(ModelName)),

  CreateEndpointConfig: operation(true, createEndpointConfig, async (host, input) => {
    await host.createEndpointConfig(input)
    return { EndpointConfigArn: arnOf('endpoint-config', input.EndpointConfigName) }
  }),
  DescribeEndpointConfig: operation(false, configNamed, async (host, { EndpointConfigName }) => {
    checkName(EndpointConfigName, 'endpointConfigName')
    const config = await host.describeEndpointConfig(EndpointConfigName)
    if (!config) throw notFound('endpoint-config', EndpointConfigName)
    const capture = config.DataCaptureConfig
    return {
      ...config,
      EndpointConfigArn: arnOf('endpoint-config', EndpointConfigName),
      ...(capture && {
        DataCaptureConfig: {
          ...capture,
          DestinationS3Uri: 'datacapture/',
          CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        },
      }),
    }
  }),
  DeleteEndpointConfig: operation(true, configNamed, (host, { EndpointConfigName }) =>
    host.deleteEndpointConfig(EndpointConfigName),
  ),

  CreateEndpoint: operation(true, endpointWithConfig, async (host, input) => {
    await host.createEndpoint(input)
    return { EndpointArn: arnOf('endpoint', input.EndpointName) }
  }),
  UpdateEndpoint: operation(true, update, async (host, input) => {
    await host.updateEndpoint(input)
    return { EndpointArn: arnOf('endpoint', input.EndpointName) }
  }),
  UpdateEndpointWeightsAndCapacities: operation(true, weights, async (host, input) => {
    await host.updateEndpointWeightsAndCapacities(input)
    return { EndpointArn: arnOf('endpoint', input.EndpointName) }
  }),
  DescribeEndpoint: operation(false, endpointNamed, async (host, { EndpointName }) => {
    checkName(EndpointName, 'endpointName')
    const endpoint = await host.describeEndpoint(EndpointName)
    if (!endpoint) throw notFound('endpoint', EndpointName)
    return { ...endpoint, EndpointArn: arnOf('endpoint', EndpointName) }
  }),
  ListEndpoints: operation(false, listing, async (host, { NameContains = '', StatusEquals }) => ({
    Endpoints: (await host.listEndpoints())
      .filter((endpoint) => endpoint.EndpointName.includes(NameContains))
      .filter((endpoint) => StatusEquals === undefined || endpoint.EndpointStatus === StatusEquals)
      .map((endpoint) => ({
        EndpointName: endpoint.EndpointName,
        EndpointArn: arnOf('endpoint', endpoint.EndpointName),
        EndpointStatus: endpoint.EndpointStatus,
        CreationTime: endpoint.CreationTime,
        LastModifiedTime: endpoint.LastModifiedTime,
      })),
  })),
  DeleteEndpoint: operation(true, endpointNamed, (host, { EndpointName }) =>
    host.deleteEndpoint(EndpointName),
  ),
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues
  throw new ControlError(
    'ValidationException',
    `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ` +
      issues
        .map(
          ({ path, message }) =>
            `Value at '${path.map(String).join('.')}' failed to satisfy constraint: ${message}`,
        )
        .join('; '),
  )
}

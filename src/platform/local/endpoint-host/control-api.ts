import { z } from 'zod'
import { ControlError, type EndpointDescription } from '../../ports.ts'
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
const listing = z.object({
  NameContains: z.string().default(''),
  StatusEquals: z.string().optional(),
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).default('CreationTime'),
  SortOrder: z.enum(['Ascending', 'Descending']).default('Descending'),
  MaxResults: z.int().min(1).max(100).default(10),
  NextToken: z
    .string()
    .regex(/^\d{1,6}$/)
    .default('0'),
})

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
          DestinationS3Uri: 's3://local/datacapture',
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
    const { ProductionVariants, ...rest } = endpoint
    return {
      ...rest,
      EndpointArn: arnOf('endpoint', EndpointName),
      // There is none before the first is there, and an empty list is nothing that SageMaker answers.
      ...(ProductionVariants.length > 0 && { ProductionVariants }),
    }
  }),
  ListEndpoints: operation(false, listing, async (host, wanted) => {
    const { NameContains, StatusEquals, MaxResults } = wanted
    const found = (await host.listEndpoints())
      .filter((endpoint) => endpoint.EndpointName.includes(NameContains))
      .filter((endpoint) => StatusEquals === undefined || endpoint.EndpointStatus === StatusEquals)
    const from = Number(wanted.NextToken)
    const until = from + MaxResults
    return {
      Endpoints: inOrder(found, wanted)
        .slice(from, until)
        .map(({ EndpointName, EndpointStatus, CreationTime, LastModifiedTime }) => ({
          EndpointName,
          EndpointArn: arnOf('endpoint', EndpointName),
          EndpointStatus,
          CreationTime,
          LastModifiedTime,
        })),
      ...(until < found.length && { NextToken: String(until) }),
    }
  }),
  DeleteEndpoint: operation(true, endpointNamed, (host, { EndpointName }) =>
    host.deleteEndpoint(EndpointName),
  ),
}

function inOrder(
  endpoints: readonly EndpointDescription[],
  { SortBy, SortOrder }: Pick<z.infer<typeof listing>, 'SortBy' | 'SortOrder'>,
): EndpointDescription[] {
  const keyOf = { Name: 'EndpointName', CreationTime: 'CreationTime', Status: 'EndpointStatus' } as const
  const key = keyOf[SortBy]
  const sorted = endpoints.toSorted((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0))
  return SortOrder === 'Ascending' ? sorted : sorted.toReversed()
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

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
  ListEndpointsCommand,
  SageMakerClient,
  SageMakerServiceException,
  UpdateEndpointCommand,
  type UpdateEndpointCommandInput,
  UpdateEndpointWeightsAndCapacitiesCommand,
  type DescribeEndpointCommandOutput,
} from '@aws-sdk/client-sagemaker'
import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime'
import {
  ControlError,
  InvokeError,
  type ControlErrorName,
  type EndpointConfig,
  type EndpointDescription,
  type EndpointHost,
  type EndpointStatus,
  type InvokeErrorName,
} from '../../src/platform/ports.ts'

/** The vendor's own clients, pointed at a server. */
export interface SdkClients {
  readonly control: SageMakerClient
  readonly runtime: SageMakerRuntimeClient
}

export function sdkClients(url: string): SdkClients {
  const options = {
    endpoint: url,
    region: 'ca-central-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  }
  return { control: new SageMakerClient(options), runtime: new SageMakerRuntimeClient(options) }
}

/** The endpoint host's port over AWS SDK v3, so that one suite tests the protocol with the vendor's own clients. */
export function openSdkHost({ control, runtime }: SdkClients): EndpointHost {
  const describe = async (EndpointName: string): Promise<EndpointDescription | undefined> =>
    unlessMissing(control.send(new DescribeEndpointCommand({ EndpointName }))).then(
      (found) => found && described(found),
    )
  return {
    createModel: ({ ModelName, PrimaryContainer }) =>
      controlled(
        control.send(
          new CreateModelCommand({
            ModelName,
            PrimaryContainer: { ModelDataUrl: PrimaryContainer.ModelDataUrl },
            ExecutionRoleArn: 'arn:aws:iam::000000000000:role/none',
          }),
        ),
      ),
    async describeModel(ModelName) {
      const found = await unlessMissing(control.send(new DescribeModelCommand({ ModelName })))
      if (!found) return undefined
      return { ModelName, PrimaryContainer: { ModelDataUrl: found.PrimaryContainer?.ModelDataUrl ?? '' } }
    },
    deleteModel: (ModelName) => controlled(control.send(new DeleteModelCommand({ ModelName }))),
    createEndpointConfig: (config) =>
      controlled(
        control.send(
          new CreateEndpointConfigCommand({
            EndpointConfigName: config.EndpointConfigName,
            ProductionVariants: config.ProductionVariants.map((variant) => ({
              ...variant,
              InstanceType: 'ml.m5.large' as const,
            })),
            ...(config.DataCaptureConfig && {
              DataCaptureConfig: {
                ...config.DataCaptureConfig,
                DestinationS3Uri: 's3://bucket/datacapture',
                CaptureOptions: [{ CaptureMode: 'Input' as const }, { CaptureMode: 'Output' as const }],
              },
            }),
          }),
        ),
      ),
    async describeEndpointConfig(EndpointConfigName) {
      const found = await unlessMissing(
        control.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
      )
      return found as unknown as EndpointConfig | undefined
    },
    deleteEndpointConfig: (EndpointConfigName) =>
      controlled(control.send(new DeleteEndpointConfigCommand({ EndpointConfigName }))),
    createEndpoint: (input) => controlled(control.send(new CreateEndpointCommand(input))),
    updateEndpoint: (input) =>
      controlled(
        control.send(new UpdateEndpointCommand(structuredClone(input) as UpdateEndpointCommandInput)),
      ),
    updateEndpointWeightsAndCapacities: ({ EndpointName, DesiredWeightsAndCapacities }) =>
      controlled(
        control.send(
          new UpdateEndpointWeightsAndCapacitiesCommand({
            EndpointName,
            DesiredWeightsAndCapacities: [...DesiredWeightsAndCapacities],
          }),
        ),
      ),
    describeEndpoint: describe,
    async listEndpoints() {
      const { Endpoints = [] } = await control.send(new ListEndpointsCommand({}))
      const all = await Promise.all(Endpoints.map(({ EndpointName = '' }) => describe(EndpointName)))
      return all.filter((endpoint) => endpoint !== undefined)
    },
    deleteEndpoint: (EndpointName) => controlled(control.send(new DeleteEndpointCommand({ EndpointName }))),
    async invokeEndpoint(input) {
      try {
        const output = await runtime.send(
          new InvokeEndpointCommand({
            ...input,
            Body: typeof input.Body === 'string' ? Buffer.from(input.Body) : input.Body,
          }),
        )
        return {
          Body: output.Body,
          ContentType: output.ContentType ?? '',
          InvokedProductionVariant: output.InvokedProductionVariant ?? '',
        }
      } catch (error) {
        if (!(error instanceof SageMakerRuntimeServiceException)) throw error
        const original =
          error instanceof ModelError
            ? { status: error.OriginalStatusCode ?? 0, message: error.OriginalMessage ?? '' }
            : undefined
        throw new InvokeError(error.name as InvokeErrorName, error.message, original)
      }
    },
    async flush() {},
    async close() {
      control.destroy()
      runtime.destroy()
    },
  }
}

async function controlled(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof SageMakerServiceException)) throw error
    throw new ControlError(error.name as ControlErrorName, error.message)
  }
}

async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof SageMakerServiceException && error.message.startsWith('Could not find'))
      return undefined
    throw error
  }
}

function described(found: DescribeEndpointCommandOutput): EndpointDescription {
  return {
    EndpointName: found.EndpointName ?? '',
    EndpointConfigName: found.EndpointConfigName ?? '',
    EndpointStatus: found.EndpointStatus as EndpointStatus,
    ...(found.FailureReason !== undefined && { FailureReason: found.FailureReason }),
    ProductionVariants: (found.ProductionVariants ?? []).map((variant) => ({
      VariantName: variant.VariantName ?? '',
      CurrentWeight: variant.CurrentWeight ?? Number.NaN,
      DesiredWeight: variant.DesiredWeight ?? Number.NaN,
      CurrentInstanceCount: variant.CurrentInstanceCount ?? Number.NaN,
      DesiredInstanceCount: variant.DesiredInstanceCount ?? Number.NaN,
    })),
    CreationTime: Number(found.CreationTime) / 1000,
    LastModifiedTime: Number(found.LastModifiedTime) / 1000,
  }
}

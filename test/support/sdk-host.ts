import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'

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

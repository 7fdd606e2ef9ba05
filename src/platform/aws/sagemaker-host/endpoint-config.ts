import type {
  CreateEndpointConfigCommandInput,
  DescribeEndpointConfigCommandOutput,
  ProductionVariant as AwsVariant,
} from '@aws-sdk/client-sagemaker'
import type { EndpointConfig, ProductionVariant } from '../../ports.ts'
import { uriOf, type S3Location } from '../s3-location.ts'

/** Below it are SageMaker's own folders, `ENDPOINT/VARIANT/yyyy/mm/dd/hh/`: the lake's layout. */
const CAPTURE_PREFIX = 'datacapture'

/** A configuration as CreateEndpointConfig takes it. */
export function configInput(location: S3Location, config: EndpointConfig): CreateEndpointConfigCommandInput {
  const { EndpointConfigName, ProductionVariants, ShadowProductionVariants, DataCaptureConfig } = config
  return {
    EndpointConfigName,
    ProductionVariants: ProductionVariants.map(awsVariant),
    ...(ShadowProductionVariants && {
      ShadowProductionVariants: ShadowProductionVariants.map(awsVariant),
    }),
    ...(DataCaptureConfig && {
      DataCaptureConfig: {
        ...DataCaptureConfig,
        DestinationS3Uri: uriOf(location, CAPTURE_PREFIX),
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        // Without it a body of CSV is captured as Base64.
        CaptureContentTypeHeader: {
          CsvContentTypes: ['text/csv'],
          JsonContentTypes: ['application/json'],
        },
      },
    }),
  }
}

/** The port's view of what DescribeEndpointConfig answers. */
export function describedConfig(found: DescribeEndpointConfigCommandOutput): EndpointConfig {
  const { ShadowProductionVariants: shadows, DataCaptureConfig: capture } = found
  return {
    EndpointConfigName: found.EndpointConfigName ?? '',
    ProductionVariants: (found.ProductionVariants ?? []).map(portVariant),
    ...(shadows && shadows.length > 0 && { ShadowProductionVariants: shadows.map(portVariant) }),
    ...(capture && {
      DataCaptureConfig: {
        EnableCapture: capture.EnableCapture ?? true,
        InitialSamplingPercentage: capture.InitialSamplingPercentage ?? 0,
      },
    }),
  }
}

function awsVariant(variant: ProductionVariant): AwsVariant {
  // Which instance types there are is for SageMaker to say.
  return { ...variant, InstanceType: variant.InstanceType as NonNullable<AwsVariant['InstanceType']> }
}

function portVariant(variant: AwsVariant): ProductionVariant {
  return {
    VariantName: variant.VariantName ?? '',
    ModelName: variant.ModelName ?? '',
    InitialVariantWeight: variant.InitialVariantWeight ?? 1,
    InitialInstanceCount: variant.InitialInstanceCount ?? 1,
    InstanceType: variant.InstanceType ?? '',
  }
}

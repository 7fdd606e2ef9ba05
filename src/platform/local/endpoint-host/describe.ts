import type { EndpointDescription, VariantSummary } from '../../ports.ts'
import type { EndpointRecord, Fleet } from './host-state.ts'

/** A description that also names the configuration being rolled out, as SageMaker's PendingDeploymentSummary does. */
export interface LocalEndpointDescription extends EndpointDescription {
  readonly PendingEndpointConfigName?: string
}

/** What DescribeEndpoint says of an endpoint. */
export function describe(record: EndpointRecord): LocalEndpointDescription {
  const { Serving, Pending } = record
  return {
    EndpointName: record.EndpointName,
    EndpointConfigName: (Serving ?? Pending)?.EndpointConfigName ?? '',
    EndpointStatus: record.Status,
    ...(record.FailureReason !== undefined && { FailureReason: record.FailureReason }),
    ProductionVariants: Serving ? variantsOf(Serving, Pending) : [],
    ...(Serving && Pending && { PendingEndpointConfigName: Pending.EndpointConfigName }),
    CreationTime: record.CreationTime,
    LastModifiedTime: record.LastModifiedTime,
  }
}

function variantsOf(serving: Fleet, pending: Fleet | undefined): VariantSummary[] {
  // Another configuration brings variants of its own: only within one are weights on their way from one to the other.
  const target = pending?.EndpointConfigName === serving.EndpointConfigName ? pending : serving
  return serving.Variants.map((variant) => {
    const desired = target.Variants.find(({ VariantName }) => VariantName === variant.VariantName) ?? variant
    return {
      VariantName: variant.VariantName,
      CurrentWeight: variant.Weight,
      DesiredWeight: desired.Weight,
      CurrentInstanceCount: variant.InstanceCount,
      DesiredInstanceCount: desired.InstanceCount,
    }
  })
}

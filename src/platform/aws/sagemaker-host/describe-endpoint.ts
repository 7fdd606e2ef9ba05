import type {
  DescribeEndpointCommandOutput,
  PendingDeploymentSummary as AwsPending,
  ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker'
import type {
  EndpointDescription,
  EndpointStatus,
  PendingDeploymentSummary,
  VariantStatusName,
  VariantSummary,
} from '../../ports.ts'

/**
 * SageMaker's statuses as the port's. An endpoint that AWS itself is renewing answers and takes no changes; one that is out of
 * service, or whose rollback failed, has to be made anew.
 */
const STATUS: Readonly<Record<string, EndpointStatus>> = {
  Creating: 'Creating',
  Updating: 'Updating',
  SystemUpdating: 'Updating',
  InService: 'InService',
  RollingBack: 'RollingBack',
  Deleting: 'Deleting',
  Failed: 'Failed',
  OutOfService: 'Failed',
  UpdateRollbackFailed: 'Failed',
}

/** The port's view of what DescribeEndpoint answers. */
export function describedEndpoint(found: DescribeEndpointCommandOutput): EndpointDescription {
  const { EndpointStatus: said = '', ShadowProductionVariants: shadows, PendingDeploymentSummary } = found
  // A status that SageMaker adds one day is something under way.
  const status = STATUS[said] ?? 'Updating'
  const reason = found.FailureReason ?? (status === 'Failed' && said !== 'Failed' ? said : undefined)
  return {
    EndpointName: found.EndpointName ?? '',
    EndpointConfigName: found.EndpointConfigName ?? '',
    EndpointStatus: status,
    ...(reason !== undefined && { FailureReason: reason }),
    ProductionVariants: (found.ProductionVariants ?? []).map(variantSummary),
    ...(shadows && shadows.length > 0 && { ShadowProductionVariants: shadows.map(variantSummary) }),
    ...(PendingDeploymentSummary && { PendingDeploymentSummary: pendingOf(PendingDeploymentSummary, found) }),
    CreationTime: seconds(found.CreationTime),
    LastModifiedTime: seconds(found.LastModifiedTime),
  }
}

/** What is not known is NaN: a serverless variant has no instances. */
function variantSummary(variant: ProductionVariantSummary): VariantSummary {
  return {
    VariantName: variant.VariantName ?? '',
    CurrentWeight: variant.CurrentWeight ?? Number.NaN,
    DesiredWeight: variant.DesiredWeight ?? variant.CurrentWeight ?? Number.NaN,
    CurrentInstanceCount: variant.CurrentInstanceCount ?? Number.NaN,
    DesiredInstanceCount: variant.DesiredInstanceCount ?? variant.CurrentInstanceCount ?? Number.NaN,
  }
}

function pendingOf(pending: AwsPending, endpoint: DescribeEndpointCommandOutput): PendingDeploymentSummary {
  return {
    EndpointConfigName: pending.EndpointConfigName ?? '',
    StartTime: seconds(pending.StartTime ?? endpoint.LastModifiedTime),
    ProductionVariants: (pending.ProductionVariants ?? []).map(
      ({ VariantName = '', VariantStatus = [] }) => ({
        VariantName,
        VariantStatus: VariantStatus.map(({ Status }) => ({ Status: statusName(Status) })),
      }),
    ),
  }
}

/** `Updating` is new weights, and `Deleting` the old fleet's end: neither is of a fleet that is on its way. */
function statusName(status: string | undefined): VariantStatusName {
  return status === 'ActivatingTraffic' || status === 'Baking' ? status : 'Creating'
}

const seconds = (time: Date | undefined): number => Math.floor(Number(time) / 1000)

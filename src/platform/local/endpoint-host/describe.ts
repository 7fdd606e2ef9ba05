import type { EpochSeconds } from '../../../core/time.ts'
import type { EndpointDescription, PendingDeploymentSummary, VariantSummary } from '../../ports.ts'
import type { EndpointRecord, Fleet } from './host-state.ts'
import { rolloutAt } from './rollout.ts'

/** What DescribeEndpoint says of an endpoint. */
export function describe(record: EndpointRecord, now: EpochSeconds): EndpointDescription {
  const { Serving, Pending } = record
  const shadows = Serving?.Shadows?.map((variant) => summaryOf(variant, variant)) ?? []
  return {
    EndpointName: record.EndpointName,
    EndpointConfigName: (Serving ?? Pending)?.EndpointConfigName ?? '',
    EndpointStatus: record.Status,
    ...(record.FailureReason !== undefined && { FailureReason: record.FailureReason }),
    ProductionVariants: Serving ? variantsOf(Serving, Pending) : [],
    ...(shadows.length > 0 && { ShadowProductionVariants: shadows }),
    ...(Serving && Pending && { PendingDeploymentSummary: pendingOf(record, Pending, now) }),
    CreationTime: record.CreationTime,
    LastModifiedTime: record.LastModifiedTime,
  }
}

function pendingOf(record: EndpointRecord, pending: Fleet, now: EpochSeconds): PendingDeploymentSummary {
  const { Rollout, Status } = record
  const share = Rollout && Status === 'Updating' ? rolloutAt(Rollout, now).percent : 0
  const state = share === 0 ? 'Creating' : share < 100 ? 'ActivatingTraffic' : 'Baking'
  return {
    EndpointConfigName: pending.EndpointConfigName,
    StartTime: Rollout?.StartTime ?? record.LastModifiedTime,
    ProductionVariants: pending.Variants.map(({ VariantName }) => ({
      VariantName,
      VariantStatus: [{ Status: state }],
    })),
  }
}

function variantsOf(serving: Fleet, pending: Fleet | undefined): VariantSummary[] {
  // Another configuration brings variants of its own: only within one are weights on their way from one to the other.
  const target = pending?.EndpointConfigName === serving.EndpointConfigName ? pending : serving
  return serving.Variants.map((variant) =>
    summaryOf(
      variant,
      target.Variants.find(({ VariantName }) => VariantName === variant.VariantName) ?? variant,
    ),
  )
}

type Variant = Fleet['Variants'][number]

function summaryOf(current: Variant, desired: Variant): VariantSummary {
  return {
    VariantName: current.VariantName,
    CurrentWeight: current.Weight,
    DesiredWeight: desired.Weight,
    CurrentInstanceCount: current.InstanceCount,
    DesiredInstanceCount: desired.InstanceCount,
  }
}

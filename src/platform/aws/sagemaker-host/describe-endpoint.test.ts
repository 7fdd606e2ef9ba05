import type { DescribeEndpointCommandOutput } from '@aws-sdk/client-sagemaker'
import { expect, it } from 'vitest'
import { describedEndpoint } from './describe-endpoint.ts'

const AT = new Date('2024-05-14T12:00:00.250Z')
const answer = (more: Partial<DescribeEndpointCommandOutput>): DescribeEndpointCommandOutput => ({
  $metadata: {},
  EndpointName: 'e',
  EndpointArn: 'arn:aws:sagemaker:ca-central-1:000000000000:endpoint/e',
  EndpointConfigName: 'c',
  EndpointStatus: 'InService',
  CreationTime: AT,
  LastModifiedTime: AT,
  ...more,
})

it.each([
  ['SystemUpdating', 'Updating', undefined],
  ['OutOfService', 'Failed', 'OutOfService'],
  ['UpdateRollbackFailed', 'Failed', 'UpdateRollbackFailed'],
  ['RollingBack', 'RollingBack', undefined],
  ['Deleting', 'Deleting', undefined],
  ['SomethingNew', 'Updating', undefined],
] as const)('an endpoint that SageMaker calls %s is %s', (said, status, reason) => {
  const described = describedEndpoint(answer({ EndpointStatus: said as 'InService' }))
  expect(described.EndpointStatus).toBe(status)
  expect(described.FailureReason).toBe(reason)
  expect(described.CreationTime).toBe(1_715_688_000)
})

it('keeps SageMaker’s own reason, and makes up no figure of a variant without instances', () => {
  const described = describedEndpoint(
    answer({
      EndpointStatus: 'Failed',
      FailureReason: 'Unable to provision requested ML compute capacity.',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentWeight: 1 }],
    }),
  )
  expect(described.FailureReason).toBe('Unable to provision requested ML compute capacity.')
  expect(described.ProductionVariants).toEqual([
    {
      VariantName: 'AllTraffic',
      CurrentWeight: 1,
      DesiredWeight: 1,
      CurrentInstanceCount: Number.NaN,
      DesiredInstanceCount: Number.NaN,
    },
  ])
})

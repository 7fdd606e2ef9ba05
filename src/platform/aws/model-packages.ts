import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  paginateListModelPackages,
  SageMakerClient,
  UpdateModelPackageCommand,
  type ModelPackageSummary,
} from '@aws-sdk/client-sagemaker'
import { packageGroupName } from '../../core/names.ts'
import type { ModelPackages } from '../ports.ts'
import { clientSettings, opened, type AwsAccess } from './aws-access.ts'
import { failureOf, isNamed } from './aws-error.ts'
import { uriOf, type S3Location } from './s3-location.ts'

/** The port, and the end of its connections. */
export interface SageMakerPackages extends ModelPackages {
  close(): void
}

const INSTANCE_TYPES = ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.large', 'ml.c5.xlarge'] as const
const MAX_ATTEMPTS = 2

/** SageMaker's model registry as a mirror of the lake's. */
export function openModelPackages(o: {
  readonly access: AwsAccess
  readonly lake: S3Location
  /** Image that serves the models; asked for when a version is put. */
  readonly image: () => string
}): SageMakerPackages {
  // A mirror may be late: what waits for it should not be.
  const { maxAttempts = MAX_ATTEMPTS } = o.access
  const client = opened(o.access, new SageMakerClient(clientSettings({ ...o.access, maxAttempts })))
  const call = async <T>(action: string, resource: string, sent: Promise<T>): Promise<T> => {
    try {
      return await sent
    } catch (error) {
      throw failureOf(error, { action: `sagemaker:${action}`, resource })
    }
  }

  const createGroup = async (ModelPackageGroupName: string): Promise<void> => {
    const command = new CreateModelPackageGroupCommand({ ModelPackageGroupName })
    try {
      await client.send(command)
    } catch (error) {
      // SageMaker has no error of its own for it.
      if (isNamed(error, 'ValidationException', 'ConflictException') && /already exist/i.test(error.message))
        return
      throw failureOf(error, {
        action: 'sagemaker:CreateModelPackageGroup',
        resource: `model package group ${ModelPackageGroupName}`,
      })
    }
  }

  /** A version of a package has a number alone: ours is its description. */
  const find = async (
    ModelPackageGroupName: string,
    version: string,
  ): Promise<ModelPackageSummary | undefined> => {
    const pages = paginateListModelPackages({ client, pageSize: 100 }, { ModelPackageGroupName })
    for await (const { ModelPackageSummaryList = [] } of pages)
      for (const summary of ModelPackageSummaryList)
        if (summary.ModelPackageDescription === version) return summary
    return undefined
  }

  return {
    async put({ group, version, archiveKey, approved, properties }) {
      const name = packageGroupName(group)
      await createGroup(name)
      const wanted = approved ? 'Approved' : 'PendingManualApproval'
      const known = await call('ListModelPackages', `model package group ${name}`, find(name, version))
      if (known?.ModelPackageArn !== undefined) {
        // One that somebody rejected stays so.
        if (!approved || known.ModelApprovalStatus !== 'PendingManualApproval') return false
        const command = new UpdateModelPackageCommand({
          ModelPackageArn: known.ModelPackageArn,
          ModelApprovalStatus: wanted,
        })
        await call('UpdateModelPackage', known.ModelPackageArn, client.send(command))
        return true
      }
      const command = new CreateModelPackageCommand({
        ModelPackageGroupName: name,
        ModelPackageDescription: version,
        ModelApprovalStatus: wanted,
        InferenceSpecification: {
          Containers: [{ Image: o.image(), ModelDataUrl: uriOf(o.lake, archiveKey) }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
          SupportedRealtimeInferenceInstanceTypes: [...INSTANCE_TYPES],
        },
        CustomerMetadataProperties: { ...properties },
      })
      await call('CreateModelPackage', `model package group ${name}`, client.send(command))
      return true
    },
    close: () => client.destroy(),
  }
}

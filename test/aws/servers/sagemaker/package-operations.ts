import { z } from 'zod'
import { AwsRefusal } from '../protocol.ts'
import type { MoreOperations } from './server.ts'

const status = z.enum(['Approved', 'Rejected', 'PendingManualApproval'])
const groupInput = z.object({ ModelPackageGroupName: z.string() })
const packageInput = z.looseObject({
  ModelPackageGroupName: z.string(),
  ModelPackageDescription: z.string(),
  ModelApprovalStatus: status,
})
const updateInput = z.object({ ModelPackageArn: z.string(), ModelApprovalStatus: status })

/** A version of a model, as SageMaker's registry lists it. */
interface Listed {
  readonly ModelPackageGroupName: string
  readonly ModelPackageDescription: string
  readonly ModelPackageVersion: number
  readonly ModelPackageArn: string
  readonly ModelPackageStatus: 'Completed'
  readonly CreationTime: Date
  ModelApprovalStatus: z.infer<typeof status>
}

/** SageMaker's model registry: groups, and the versions in them by number. */
export function packageOperations(clock: () => number): MoreOperations {
  const groups = new Map<string, Listed[]>()
  const arnOf = (rest: string): string => `arn:aws:sagemaker:ca-central-1:000000000000:${rest}`
  const find = (name: string): Listed[] => {
    const group = groups.get(name)
    if (!group) throw new AwsRefusal('ValidationException', `ModelPackageGroup ${name} does not exist.`)
    return group
  }
  return {
    async CreateModelPackageGroup(input) {
      const { ModelPackageGroupName: name } = groupInput.parse(input)
      const ModelPackageGroupArn = arnOf(`model-package-group/${name}`)
      if (groups.has(name))
        throw new AwsRefusal(
          'ValidationException',
          `Model Package Group already exists: ${ModelPackageGroupArn}`,
        )
      groups.set(name, [])
      return { ModelPackageGroupArn }
    },
    async ListModelPackages(input) {
      const { ModelPackageGroupName: name } = groupInput.parse(input)
      return { ModelPackageSummaryList: find(name).toReversed() }
    },
    async CreateModelPackage(input) {
      const asked = packageInput.parse(input)
      const group = find(asked.ModelPackageGroupName)
      const ModelPackageVersion = group.length + 1
      const ModelPackageArn = arnOf(`model-package/${asked.ModelPackageGroupName}/${ModelPackageVersion}`)
      group.push({
        ModelPackageGroupName: asked.ModelPackageGroupName,
        ModelPackageDescription: asked.ModelPackageDescription,
        ModelApprovalStatus: asked.ModelApprovalStatus,
        ModelPackageVersion,
        ModelPackageArn,
        ModelPackageStatus: 'Completed',
        CreationTime: new Date(clock() * 1000),
      })
      return { ModelPackageArn }
    },
    async UpdateModelPackage(input) {
      const { ModelPackageArn, ModelApprovalStatus } = updateInput.parse(input)
      const listed = [...groups.values()].flat().find((one) => one.ModelPackageArn === ModelPackageArn)
      if (!listed)
        throw new AwsRefusal('ValidationException', `ModelPackage ${ModelPackageArn} does not exist.`)
      listed.ModelApprovalStatus = ModelApprovalStatus
      return { ModelPackageArn }
    },
  }
}

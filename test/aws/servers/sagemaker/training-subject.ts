import { openEndpointHost } from '../../../../src/platform/local/endpoint-host/endpoint-host.ts'
import type { S3Location } from '../../../../src/platform/aws/s3-location.ts'
import type { ObjectStore } from '../../../../src/platform/ports.ts'
import { libraryPath } from '../../../support/stump-model.ts'
import { packageOperations } from './package-operations.ts'
import { openSageMakerServer, type SageMakerServer } from './server.ts'
import { openTrainingOperations } from './training-operations.ts'

export const TRAINING_ROLE = 'arn:aws:iam::000000000000:role/bikeshare-training'
const BUCKET = 'bikeshare-lake'
const NOW = 1_715_700_000

/** A server of training jobs over a lake. */
export interface TrainingSubject extends SageMakerServer {
  readonly lake: S3Location
}

/** Opens SageMaker over `store`, which is the whole of a bucket. */
export async function openTrainingSubject(store: ObjectStore, bucket = BUCKET): Promise<TrainingSubject> {
  const host = openEndpointHost({
    store,
    libraryPath: libraryPath(),
    clock: () => NOW,
    elapsedMs: () => 0,
    random: () => 0.5,
  })
  const training = openTrainingOperations({
    store,
    lake: { bucket },
    libraryPath: libraryPath(),
    clock: () => NOW,
  })
  const server = await openSageMakerServer({
    host,
    lake: { bucket },
    operations: { ...training.operations, ...packageOperations(() => NOW) },
  })
  return {
    ...server,
    lake: { bucket },
    async close() {
      await training.settle()
      await server.close()
      await host.close()
    },
  }
}

import { seededRandom } from '../../../../src/core/seeded-random.ts'
import { openSageMakerHost } from '../../../../src/platform/aws/sagemaker-host/sagemaker-host.ts'
import { ownNames } from '../../../../src/platform/aws/own-names.ts'
import type { AwsAccess } from '../../../../src/platform/aws/aws-access.ts'
import type { XgboostScorer } from '../../../../src/platform/engines/xgboost/scorer.ts'
import { openDirectoryStore } from '../../../../src/platform/local/directory-store.ts'
import {
  openEndpointHost,
  type EndpointHostOptions,
} from '../../../../src/platform/local/endpoint-host/endpoint-host.ts'
import type { EndpointHost, ObjectStore } from '../../../../src/platform/ports.ts'
import { libraryPath } from '../../../support/stump-model.ts'
import { accessTo } from '../access.ts'
import { openOwnFolder } from '../own-folder.ts'
import { IMAGE } from './images.ts'
import { openSageMakerServer, type SageMakerServer } from './server.ts'

export const BUCKET = 'bikeshare-lake'
export const ROLE = 'arn:aws:iam::000000000000:role/bikeshare-serving'
const NOW = 1_715_700_000
const DESCRIBE_MS = 25

/** The adapter, the server that it speaks to, and the store behind that. */
export interface SageMakerSubject {
  readonly host: EndpointHost
  readonly store: ObjectStore
  readonly server: SageMakerServer
  close(): Promise<void>
}

/** Opens SageMaker's adapter over a new local endpoint host. */
export async function openSageMakerSubject(o: {
  readonly scorer: XgboostScorer
  readonly hosting?: Partial<EndpointHostOptions>
  readonly access?: Partial<AwsAccess>
  readonly endpointPrefix?: string
}): Promise<SageMakerSubject> {
  const folder = await openOwnFolder()
  const store = openDirectoryStore(folder.path)
  const local = openEndpointHost({
    store,
    libraryPath: libraryPath(),
    scorer: o.scorer,
    clock: () => NOW,
    elapsedMs: () => 0,
    random: seededRandom(1),
    refreshMs: 0,
    ...o.hosting,
  })
  const server = await openSageMakerServer({
    host: local,
    lake: { bucket: BUCKET },
    ...(o.hosting?.images && { describeMs: DESCRIBE_MS }),
  })
  const host = openSageMakerHost({
    access: accessTo(server.url, o.access),
    lake: { bucket: BUCKET },
    roleArn: ROLE,
    image: IMAGE,
    tags: { project: 'bikeshare' },
    ...(o.endpointPrefix !== undefined && {
      listed: { prefix: o.endpointPrefix, owns: ownNames(o.endpointPrefix).ownsEndpoint },
    }),
  })
  return {
    host,
    store,
    server,
    async close() {
      await host.close()
      await server.close()
      await local.close()
      await folder.remove()
    },
  }
}

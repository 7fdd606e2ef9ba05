import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openEndpointHost } from '../../src/platform/local/endpoint-host/endpoint-host.ts'
import { openSageMakerSubject } from '../aws/servers/sagemaker/subject.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { libraryPath } from '../support/stump-model.ts'
import { endpointHostSuite } from './endpoint-host.ts'

const NOW = 1_715_700_000

// Starting a thread for each test would take longer than the tests.
const scorer = openScorer({ libraryPath: libraryPath(), threads: 2 })
afterAll(() => scorer.close())

async function openLocal() {
  const root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  const store = openDirectoryStore(root)
  const host = openEndpointHost({
    store,
    libraryPath: libraryPath(),
    scorer,
    clock: () => NOW,
    elapsedMs: () => 0,
    random: seededRandom(1),
    refreshMs: 0,
  })
  return {
    host,
    store,
    async close() {
      await host.close()
      await rm(root, { recursive: true })
    },
  }
}

endpointHostSuite('the local one', openLocal)

endpointHostSuite('SageMaker, by its own protocol', () => openSageMakerSubject({ scorer }))

import { describe, inject } from 'vitest'
import { openS3Store } from '../../../src/platform/aws/s3-store/s3-store.ts'
import { objectStoreSuite } from '../../conformance/object-store.ts'
import { motoUrl, newBucket } from '../environment/bucket.ts'
import { REGION } from '../environment/environment.ts'

describe.skipIf(inject('moto') === undefined)('over moto', () => {
  objectStoreSuite('a bucket', async () => {
    const store = openS3Store({ bucket: await newBucket(), region: REGION, endpoint: motoUrl() })
    return { store, close: async () => store.close() }
  })

  objectStoreSuite('a prefix of a bucket', async () => {
    const store = openS3Store({
      bucket: await newBucket(),
      prefix: 'lakes/nyc/',
      region: REGION,
      endpoint: motoUrl(),
    })
    return { store, close: async () => store.close() }
  })
})

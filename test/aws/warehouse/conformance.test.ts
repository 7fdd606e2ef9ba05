import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { warehouseSuite } from '../../conformance/warehouse.ts'
import { hasTrino, openAthenaLake } from '../environment/open-warehouse.ts'

const CITIES = ['c', 'd', 'h', 'q', 'w', 'x', 'xy', 'ok', 'old', 'text', 'cut', 'empty', 'garbled']
const MORE = Array.from({ length: 8 }, (_, i) => `p${i}`)

describe.skipIf(!hasTrino())('over Trino', () => {
  warehouseSuite('Athena', async () => {
    const lake = await openAthenaLake([...CITIES, ...MORE], ['bikeshare-prod', 'bikeshare-staging-docks'])
    const outside = await mkdtemp(join(tmpdir(), 'bikeshare-'))
    return {
      warehouse: lake.warehouse,
      store: lake.store,
      outside,
      async close() {
        await lake.close()
        await rm(outside, { recursive: true, force: true })
      },
    }
  })
})

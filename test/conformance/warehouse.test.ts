import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLocalPlatform } from '../support/local-platform.ts'
import { warehouseSuite } from './warehouse.ts'

warehouseSuite('DuckDB over a directory', async () => {
  const platform = await openLocalPlatform()
  const outside = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  return {
    warehouse: platform.warehouse,
    store: platform.store,
    outside,
    async close() {
      await platform.close()
      await rm(outside, { recursive: true, force: true })
    },
  }
})

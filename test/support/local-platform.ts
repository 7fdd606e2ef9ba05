import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openLakeWarehouse } from '../../src/platform/local/lake-warehouse.ts'
import { openMetricStore, type LocalMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import type { ObjectStore, Warehouse } from '../../src/platform/ports.ts'

/** The parts of the local platform over one folder. */
export interface LocalPlatform {
  readonly root: string
  readonly store: ObjectStore
  readonly warehouse: Warehouse
  readonly metrics: LocalMetricStore
  /** Closes it, and removes the folder when it was made here. */
  close(): Promise<void>
}

/**
 * Opens a local platform over a folder, or over a new one that goes when it is closed; `overrides` replace parts. Its metrics
 * may be of any time.
 */
export async function openLocalPlatform(
  root?: string,
  overrides: Partial<Pick<LocalPlatform, 'store' | 'warehouse' | 'metrics'>> = {},
): Promise<LocalPlatform> {
  const folder = root ?? (await mkdtemp(join(tmpdir(), 'bikeshare-')))
  const store = overrides.store ?? openDirectoryStore(folder)
  const warehouse = overrides.warehouse ?? (await openLakeWarehouse({ root: folder, threads: 2 }))
  return {
    root: folder,
    store,
    warehouse,
    metrics: overrides.metrics ?? openMetricStore({ store }),
    async close() {
      await warehouse.close()
      if (root === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

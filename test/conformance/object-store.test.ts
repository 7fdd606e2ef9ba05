import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { objectStoreSuite } from './object-store.ts'

objectStoreSuite('a directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  return { store: openDirectoryStore(root), close: () => rm(root, { recursive: true, force: true }) }
})

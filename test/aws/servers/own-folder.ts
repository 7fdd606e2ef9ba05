import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of a server's own, which goes with it. */
export interface OwnFolder {
  readonly path: string
  remove(): Promise<void>
}

export async function openOwnFolder(): Promise<OwnFolder> {
  const path = await mkdtemp(join(tmpdir(), 'bikeshare-aws-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder that is removed when the test ends. */
export async function tempDir(): Promise<string> {
  const folder = await makeTempDir()
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A new folder; the caller removes it. */
export function makeTempDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'bikeshare-'))
}

import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Removes the demo's lake when the tests have ended; a folder that somebody named stays. */
export function teardown(): Promise<void> {
  return rm(join(tmpdir(), `bikeshare-demo-lake-${process.pid}`), { recursive: true, force: true })
}

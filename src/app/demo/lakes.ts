import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../../core/errors.ts'

/** Tells a folder that a demo made, and may make anew, from one that is somebody's. */
const MARKER = 'demo.json'

/** Empties `root` for a demo. WRITE_CONFLICT when it holds anything that an earlier demo did not make. */
export async function prepareDemoFolder(root: string): Promise<void> {
  if (existsSync(root) && !existsSync(join(root, MARKER)) && (await readdir(root)).length > 0) {
    throw new OperatorError(
      'WRITE_CONFLICT',
      `${root} holds data that no demo made`,
      'Name another folder with --data-dir, or another city with --city.',
    )
  }
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  await writeFile(join(root, MARKER), '{"made_by":"bikeshare demo"}\n')
}

/** Removes a folder that a demo made; any other stays. */
export async function removeDemoFolder(root: string): Promise<void> {
  if (existsSync(join(root, MARKER))) await rm(root, { recursive: true, force: true })
}

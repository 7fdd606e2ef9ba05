import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun, type CliRun } from './cli.ts'

/** A demo that was run: its data directory, and what it printed. */
export interface RunDemo {
  readonly dataDir: string
  readonly run: CliRun
}

/**
 * The default demo, run once for all files of the project `demo`, in the folder DEMO_LAKE, which goes when the tests end.
 * Who changes its lake copies it first.
 */
export async function demoLake(): Promise<RunDemo> {
  const folder = process.env['DEMO_LAKE']
  if (folder === undefined) throw new Error('DEMO_LAKE is set by vitest.config.ts')
  const dataDir = join(folder, 'data')
  const done = join(folder, 'run.json')
  if (existsSync(done)) return { dataDir, run: JSON.parse(await readFile(done, 'utf8')) as CliRun }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const run = await mustRun(['demo', '--headless', '--data-dir', dataDir])
  await writeFile(`${done}.part`, JSON.stringify(run))
  await rename(`${done}.part`, done)
  return { dataDir, run }
}

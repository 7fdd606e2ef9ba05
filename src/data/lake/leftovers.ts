import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Removal } from './removal.ts'

/** A folder on this machine whose entries are a killed run's once they are so old. */
export interface LocalLeftovers {
  readonly rule: 'temporary files' | 'stopped trainings'
  readonly folder: string
}

/** A temporary file lives for seconds. A training that was not gone on with for a week never is: its rows are other ones by now. */
const MAX_AGE_DAYS = { 'temporary files': 1, 'stopped trainings': 7 } as const

/** Removes the entries that are too old by the wall clock, each by the newest file in it. */
export async function cleanLeftovers(
  local: { readonly folders: readonly LocalLeftovers[]; readonly wallNow: EpochSeconds },
  dryRun: boolean,
): Promise<Removal[]> {
  const removed: Removal[] = []
  for (const { rule, folder } of local.folders)
    for (const path of await entriesOf(folder, rule)) {
      const found = await measure(path)
      if (!found || local.wallNow - found.newest < MAX_AGE_DAYS[rule] * DAY_SECONDS) continue
      if (!dryRun) await rm(path, { recursive: true, force: true })
      removed.push({ key: path, bytes: found.bytes, rule, why: 'left by a stopped run' })
    }
  return removed
}

/** `.tmp/*`; of trainings `training/GROUP/JOB`, beside the reports of refused models. */
async function entriesOf(folder: string, rule: LocalLeftovers['rule']): Promise<string[]> {
  const names = async (path: string): Promise<string[]> =>
    (await readdir(path).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join(path, name))
  if (rule === 'temporary files') return names(folder)
  const jobs: string[] = []
  for (const group of await names(folder)) jobs.push(...(await names(group)))
  return jobs.filter((path) => !path.endsWith('refused'))
}

/** Size, and the newest time of change of anything in it; undefined when it is gone. */
async function measure(path: string): Promise<{ bytes: number; newest: number } | undefined> {
  const own = await stat(path).catch(() => undefined)
  if (!own) return undefined
  let [bytes, newest] = [own.isDirectory() ? 0 : own.size, own.mtimeMs / 1000]
  if (own.isDirectory())
    for (const name of await readdir(path).catch(() => [])) {
      const inner = await measure(join(path, name))
      bytes += inner?.bytes ?? 0
      newest = Math.max(newest, inner?.newest ?? 0)
    }
  return { bytes, newest }
}

/** Where stopped runs leave files in the folder of a lake. */
export function leftoversOf(root: string): LocalLeftovers[] {
  return [
    { rule: 'temporary files', folder: join(root, '.tmp') },
    { rule: 'stopped trainings', folder: join(root, 'training') },
  ]
}

import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lastJson, mustRun, startCli, type CliProcess } from '../../support/cli.ts'
import { demoLake } from '../../support/demo-lake.ts'

/** City of the demo. */
export const CITY = 'demo'

/** `bikeshare dashboard`, as a person starts it. */
export interface DashboardProcess {
  readonly url: string
  readonly port: number
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  close(): Promise<void>
}

export async function startDashboard(
  dataDir: string,
  args: readonly string[] = [],
): Promise<DashboardProcess> {
  const port = args.includes('--port') ? [] : ['--port', '0']
  const cli: CliProcess = startCli(['dashboard', '--data-dir', dataDir, ...port, ...args])
  const url = (await cli.printed(/ at (http:\S+?);/))[1] ?? ''
  return {
    url,
    port: Number(new URL(url).port),
    kill: async () => void (await cli.stop('SIGKILL')),
    close: async () => void (await cli.stop('SIGTERM')),
  }
}

/** The demo's data with a plan in it, made once a run; who changes it takes `copyOf` it. */
export async function shownDemo(): Promise<string> {
  const { dataDir } = await demoLake()
  return withPlan(dataDir, join(dirname(dataDir), 'shown'))
}

/** A copy of a demo's data at `target` (unless it is there), with a plan made where it had none. */
export async function withPlan(dataDir: string, target: string): Promise<string> {
  if (existsSync(target)) return target
  const made = await mkdtemp(`${target}-`)
  await cp(dataDir, made, { recursive: true })
  const plans = join(made, CITY, 'plans')
  const has = existsSync(plans) && (await readdir(plans)).some((name) => /^\d{4}-/.test(name))
  if (!has) await mustRun(['plan', '--data-dir', made, '--trucks', '3', '--time-limit', '5'])
  await rename(made, target)
  return target
}

/** A copy of a data directory; the caller removes it. */
export async function copyOf(dataDir: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'bikeshare-browser-'))
  await cp(dataDir, copy, { recursive: true })
  return copy
}

export function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}

/** Makes a token; gives its text. */
export async function makeToken(dataDir: string, name: string, role: 'viewer' | 'operator'): Promise<string> {
  const asked = ['token', 'create', '--name', name, '--role', role]
  const run = await mustRun([...asked, '--data-dir', dataDir, '--json'])
  return (lastJson(run) as { token: string }).token
}

/** An answer of the API. */
export async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api${path}`)
  if (!response.ok) throw new Error(`${response.status} for ${path}: ${await response.text()}`)
  return response.json()
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Target } from '../../../src/core/contracts/features.ts'
import { createLake } from '../../../src/data/lake/lake-info.ts'
import { lastJson, mustRun, runCli, type CliRun } from '../../support/cli.ts'
import { openLocalPlatform } from '../../support/local-platform.ts'
import { CITY, registerStump, SLOT, writeCity } from '../../support/serving-platform.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { type Account, openAccount } from './account.ts'

/** The time of the made-up city: a minute into the batch of `SLOT`. */
export const NOW = SLOT + 60

/** The program as an operator has it: a folder with a lake of a made-up city, and settings for an account of AWS. */
export interface Program {
  readonly account: Account
  readonly folder: string
  /** Folder of the lake, within `folder`. */
  readonly lake: string
  readonly env: Record<string, string>
  /** Runs `bikeshare ARGS`, with settings that differ. */
  run(args: readonly string[], more?: Record<string, string>): Promise<CliRun>
  /** What `bikeshare ARGS --json` says; it must succeed. */
  json(...args: string[]): Promise<unknown>
  close(): Promise<void>
}

/** Opens one; every target has a model in its registry. */
export async function openProgram(stations: number, targets: readonly Target[]): Promise<Program> {
  const folder = await makeTempDir()
  const lake = join('lakes', CITY)
  const local = await openLocalPlatform(join(folder, lake))
  await createLake(local.store, {
    city: CITY,
    timezone: 'America/Toronto',
    country: 'CA',
    system_name: null,
    feed_url: null,
    virtual_now: NOW,
  })
  await writeCity(local, stations)
  for (const [i, target] of targets.entries())
    await registerStump(local.store, { target, digit: String(i + 1), scores: { low: 0.2, high: 0.7 } })
  await local.close()
  const account = await openAccount(CITY, () => NOW)
  const env = { ...account.addresses, ...account.settings, BIKESHARE_CITY: CITY }
  return {
    account,
    folder,
    lake,
    env,
    run: (args, more = {}) => runCli(args, { cwd: folder, env: { ...env, ...more } }),
    json: async (...args) => lastJson(await mustRun([...args, '--json'], { cwd: folder, env })),
    async close() {
      await account.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Found {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

/** What `bikeshare doctor --json` found, by the names of its checks. */
export const checksOf = (run: CliRun): Record<string, Found['checks'][number]> =>
  Object.fromEntries((lastJson(run) as Found).checks.map((check) => [check.name, check]))

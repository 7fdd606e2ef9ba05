import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../src/core/config/load.ts'
import type { Config } from '../../src/core/config/schema.ts'
import { silentReporter } from '../../src/core/report.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import { createLake } from '../../src/data/lake/lake-info.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { createToken, TOKEN_BYTES, type Role } from '../../src/operations/access/tokens.ts'
import { composePlatform } from '../../src/platform/compose.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { showCity, type ShownCity } from '../../src/app/server/city-source.ts'
import type { DashboardOptions, DashboardServer } from '../../src/app/server/dashboard-options.ts'
import { startDashboardServer } from '../../src/app/server/dashboard-server.ts'
import { openLocalPlatform } from './local-platform.ts'
import { MIDNIGHT, publishBatch, writeStates, ZONE } from './operations-platform.ts'
import { CITY, registerStump } from './serving-platform.ts'
import { makeTempDir } from './temp-dir.ts'

/** Noon of a day whose morning the lake holds. */
export const NOW: EpochSeconds = MIDNIGHT + 4 * 3600
/** Names that would do harm where they are taken for something else than text. */
export const HOSTILE_NAMES = {
  s1: '<img src=x onerror=alert(1)>',
  s2: '=HYPERLINK("http://evil.example","x")',
  s3: 'محطة "القطار", 🚲',
} as const

/** A small lake of one city: four hours of three stations, a batch an hour, staging and production in service. */
export interface DashboardLake {
  readonly root: string
  readonly platform: Platform
  readonly config: Config
  readonly shown: ShownCity
  close(): Promise<void>
}

/** Opens the platform on a folder, with or without a lake in it. */
export async function openShownLake(
  root: string,
  toml = '',
  wall: () => number = () => NOW,
): Promise<DashboardLake> {
  const config = loadConfig({ file: { path: 'bikeshare.toml', text: toml } })
  const platform = await composePlatform(config, {
    root,
    clock: wall,
    env: process.env,
    elapsedMs: () => performance.now(),
    random: Math.random,
    report: silentReporter,
  })
  const shown = showCity(CITY, platform, { config, wall })
  return { root, platform, config, shown, close: () => platform.close() }
}

export async function openDashboardLake(
  toml = '',
  names: Readonly<Record<'s1' | 's2' | 's3', string>> = HOSTILE_NAMES,
): Promise<DashboardLake> {
  const root = join(await makeTempDir(), CITY)
  const local = await openLocalPlatform(root)
  await createLake(local.store, {
    city: CITY,
    timezone: ZONE,
    country: 'CA',
    system_name: null,
    feed_url: null,
    virtual_now: NOW,
  })
  const slots = Array.from({ length: 49 }, (_, i) => MIDNIGHT + i * 300)
  await writeStates(
    local,
    slots.map((at, i) => ({ at, bikes: { s1: i % 10, s2: 10 - (i % 10), s3: 5 } })),
    names,
  )
  for (const at of slots.filter((slot) => slot % 3600 === 0))
    await publishBatch(local, at, { s1: [3, true], s2: [1, true], s3: [5, false] })
  const opened = await openShownLake(root, toml)
  const lake = {
    ...opened,
    close: async (): Promise<void> => {
      await opened.close()
      await rm(dirname(root), { recursive: true, force: true })
    },
  }
  for (const [endpoint, digit] of [
    ['bikeshare-prod', '1'],
    ['bikeshare-staging', '2'],
  ] as const) {
    const model = await registerStump(local.store, {
      target: 'bikes',
      digit,
      scores: { low: 0.01, high: 0.9 },
    })
    await deployModel(lake.platform, {
      endpoint,
      city: CITY,
      target: 'bikes',
      ...model,
      by: 'test',
      now: MIDNIGHT,
    })
  }
  await local.close()
  return lake
}

interface AskInit {
  readonly json?: unknown
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A server over lakes, and a way to ask it. */
export interface Served {
  readonly server: DashboardServer
  readonly ask: (path: string, init?: AskInit) => Promise<Response>
  close(): Promise<void>
}

export async function serveLakes(
  lakes: readonly DashboardLake[],
  o: Partial<DashboardOptions> = {},
): Promise<Served> {
  const [first] = lakes
  if (!first) throw new Error('no lake to serve')
  const server = await startDashboardServer({
    hostname: '127.0.0.1',
    port: 0,
    cities: lakes.map(({ shown }) => shown),
    config: first.config,
    webRoot: '/nowhere',
    publicMode: false,
    version: '1.2.3',
    wall: () => NOW,
    elapsedMs: () => performance.now(),
    random: (bytes) => randomBytes(bytes),
    report: silentReporter,
    hidden: [first.root],
    checkAnswers: true,
    ...o,
  })
  return {
    server,
    ask: (path, { json, ...init } = {}) =>
      fetch(server.url + path, {
        ...init,
        ...(json === undefined ? {} : { body: JSON.stringify(json), method: init.method ?? 'POST' }),
        headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...init.headers },
      }),
    close: () => server.close(),
  }
}

/** A token of a lake, as an Authorization header. */
export async function tokenOf({ platform }: DashboardLake, role: Role, name: string): Promise<string> {
  const { store } = platform
  const { token } = await createToken(store, {
    name,
    role,
    by: 'test',
    now: NOW,
    random: randomBytes(TOKEN_BYTES),
  })
  return token
}

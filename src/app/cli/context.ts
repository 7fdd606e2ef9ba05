import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../core/config/load.ts'
import type { Config } from '../../core/config/schema.ts'
import { OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import type { Clock } from '../../core/time.ts'
import { requireLake } from '../../data/lake/lake-info.ts'
import type { Platform, Schedules } from '../../platform/ports.ts'
import { readDefaultCity } from '../default-city.ts'
import type { CommandContext, OpenLake, OpenStore, TablesMade, TablesWanted } from './command.ts'
import type { CommonOptions } from './options.ts'

/** What main knows and commands may use. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly wall: Clock
  readonly elapsedMs: () => number
  readonly signal: AbortSignal
  readonly reporter: (quiet: boolean) => Reporter
  readonly out: (text: string) => void
  readonly compose: (config: Config, root: string, clock: Clock, report: Reporter) => Promise<Platform>
  readonly openStore: (config: Config, address: string) => Promise<OpenStore & { close(): void }>
  readonly ensureTables: (config: Config, tables: TablesWanted) => Promise<TablesMade>
  readonly openSchedules: (config: Config) => Promise<Schedules>
}

/** A context that can be closed: every platform it opened is closed with it. */
export interface ClosableContext {
  readonly context: CommandContext
  close(): Promise<void>
}

/** Reads the settings and makes the context of one command. */
export async function openContext(options: CommonOptions, around: Surroundings): Promise<ClosableContext> {
  const config = await readConfig(options, around.env)
  const dataDir = resolve(config.data_dir)
  const opened: { close(): Promise<void> | void }[] = []
  const report = around.reporter(options.quiet === true || options.json === true)

  const city = async (): Promise<string> => {
    if (config.city !== undefined) return config.city
    if (config.platform === 'aws') throw noCityOnAws()
    return chosenCity(dataDir)
  }
  const lakeRoot = (name: string): string => join(dataDir, name)
  const given = options.now
  const usual: Clock = given === undefined ? around.wall : () => given
  const openPlatform = async (root: string, clock: Clock = usual): Promise<Platform> => {
    const platform = await around.compose(config, root, clock, report)
    opened.push(platform)
    return platform
  }
  const context: CommandContext = {
    config,
    env: around.env,
    report,
    signal: around.signal,
    wall: around.wall,
    elapsedMs: around.elapsedMs,
    givenNow: options.now,
    json: options.json === true,
    city,
    dataDir,
    lakeRoot,
    openPlatform,
    ensureTables: (tables) => around.ensureTables(config, tables),
    openSchedules: async () => {
      const schedules = await around.openSchedules(config)
      opened.push(schedules)
      return schedules
    },
    openStore: async (address) => {
      const store = await around.openStore(config, address)
      opened.push(store)
      return store
    },
    openLake: async (): Promise<OpenLake> => {
      const name = await city()
      const root = lakeRoot(name)
      if (config.platform === 'local' && !existsSync(root)) throw noLake(name, root)
      const time = { now: options.now ?? around.wall() }
      const platform = await openPlatform(root, () => time.now)
      const info = await requireLake(platform.store, name)
      if (options.now === undefined && info.virtual_now !== null) {
        time.now = info.virtual_now
        report.info(
          `Working as of ${new Date(time.now * 1000).toISOString().slice(0, 16)}Z, the lake's own clock.`,
        )
      }
      return { platform, root, info, now: time.now }
    },
    line: (text) => {
      if (options.json !== true) around.out(`${text}\n`)
    },
  }
  return {
    context,
    close: async () => {
      for (const platform of opened.toReversed()) await platform.close()
    },
  }
}

async function readConfig(options: CommonOptions, env: Surroundings['env']): Promise<Config> {
  const given = options.config ?? env['BIKESHARE_CONFIG']
  const path = given ?? 'bikeshare.toml'
  let text: string | undefined
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (given !== undefined) {
      throw new OperatorError('CONFIG', `the settings file ${path} cannot be read`, 'Check the path.', error)
    }
  }
  return loadConfig({
    ...(text === undefined ? {} : { file: { path, text } }),
    env,
    flags: {
      data_dir: options.dataDir,
      city: options.city,
      platform: options.platform,
      region: options.region,
      aws_profile: options.profile,
    },
  })
}

/** The city that `demo` or `init` chose last, else the only lake there is. */
async function chosenCity(dataDir: string): Promise<string> {
  const marked = await readDefaultCity(dataDir)
  if (marked !== undefined) return marked
  const entries = await readdir(dataDir, { withFileTypes: true }).catch(() => [])
  const lakes = entries
    .filter((e) => e.isDirectory() && existsSync(join(dataDir, e.name, 'lake.json')))
    .map((e) => e.name)
  const [only, ...others] = lakes
  if (only !== undefined && others.length === 0) return only
  throw new OperatorError(
    'USAGE',
    lakes.length === 0
      ? `no city is chosen, and ${dataDir} holds no lake`
      : `no city is chosen, and ${dataDir} holds several: ${lakes.join(', ')}`,
    'Name one with --city, or as `city` in bikeshare.toml; `bikeshare demo` makes one to try.',
  )
}

/** Folders of this machine say nothing of what is in a bucket. */
function noCityOnAws(): OperatorError {
  return new OperatorError(
    'USAGE',
    'no city is chosen: with platform = "aws" it is named',
    'Name it with --city, or as `city` in bikeshare.toml (BIKESHARE_CITY).',
  )
}

function noLake(city: string, root: string): OperatorError {
  return new OperatorError(
    'NOT_FOUND',
    `there is no lake of "${city}" in ${root}`,
    `\`bikeshare ingest --city ${city}\` begins one from the city's feed, \`bikeshare import\` from recordings, \`bikeshare demo\` from a simulated city.`,
  )
}

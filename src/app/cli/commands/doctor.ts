import { constants } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { parseDiscovery } from '../../../data/gbfs/discovery.ts'
import { parseStatus } from '../../../data/gbfs/normalise.ts'
import { readLake } from '../../../data/lake/lake-info.ts'
import type { Platform } from '../../../platform/ports.ts'
import { awsChecks, schedulesText } from '../aws-checks.ts'
import type { CommandContext, CommandModule } from '../command.ts'
import { openFeed } from '../feed.ts'
import { lakeText } from '../lake-text.ts'
import { addExamples } from '../options.ts'
import { bytesText, textTable } from '../table.ts'

interface Options {
  readonly online?: boolean
}

/** One thing that was looked at. */
interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Less room than this on the disk of the data is a fault, in bytes. */
const LOW_DISK = 1e9

/** `bikeshare doctor`. */
export const command: CommandModule = {
  build(command, act) {
    command.option('--online', 'also ask the feed of the city')
    addExamples(command, [
      ['doctor --online --city nyc', 'libraries, folders, lake, and the feed as it is now'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const checks = [
          await check('Node.js', () => Promise.resolve(process.version)),
          await check('data folder', () => dataFolder(context.dataDir)),
          ...(context.config.platform === 'aws' ? await onAws(context) : await onThisMachine(context)),
          ...(options.online === true ? [await check('feed', () => feed(context))] : []),
        ]
        const ok = checks.every((c) => c.ok)
        return {
          human: textTable(
            ['', 'check', ''],
            checks.map((c) => [c.ok ? 'ok' : 'FAULT', c.name, c.detail]),
          ),
          json: { ok, checks },
          exitCode: ok ? 0 : 3,
        }
      }),
    )
  },
}

async function onThisMachine(context: CommandContext): Promise<Check[]> {
  return [
    await check('XGBoost', async () => (await context.openPlatform(context.dataDir)).scorer.libraryVersion()),
    await check('SQL engine', () => sqlEngine(context)),
    await check('lake', () => lake(context)),
  ]
}

async function onAws(context: CommandContext): Promise<Check[]> {
  let opened: Promise<{ city: string; platform: Platform }> | undefined
  const open = async (): Promise<{ city: string; platform: Platform }> => {
    const city = await context.city()
    return { city, platform: await context.openPlatform(context.lakeRoot(city)) }
  }
  const once = (): Promise<{ city: string; platform: Platform }> => (opened ??= open())
  const checks = [await check('XGBoost', async () => (await once()).platform.scorer.libraryVersion())]
  for (const [name, look] of awsChecks(once)) checks.push(await check(name, look))
  checks.push(await check('Scheduler', async () => schedulesText(await context.openSchedules())))
  return checks
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() }
  } catch (error) {
    const hint = error instanceof OperatorError && error.hint !== undefined ? ` ${error.hint}` : ''
    return { name, ok: false, detail: `${messageOf(error)}${hint}` }
  }
}

async function dataFolder(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  await access(dataDir, constants.W_OK)
  const disk = await statfs(dataDir)
  const free = disk.bavail * disk.bsize
  if (free < LOW_DISK)
    throw new OperatorError('UNAVAILABLE', `only ${bytesText(free)} free for ${dataDir}`, 'Make room.')
  return `${dataDir}, ${bytesText(free)} free`
}

async function sqlEngine(context: CommandContext): Promise<string> {
  const platform = await context.openPlatform(context.dataDir)
  const rows = await platform.warehouse.rows<{ version: string }>({
    name: 'version',
    sql: 'select version() as version',
  })
  return `DuckDB ${rows[0]?.version ?? '?'}`
}

async function lake(context: CommandContext): Promise<string> {
  let city: string
  try {
    city = await context.city()
  } catch {
    return 'none yet; `bikeshare demo` or `bikeshare ingest --city nyc` makes one'
  }
  const platform = await context.openPlatform(context.lakeRoot(city))
  return lakeText(city, await readLake(platform.store))
}

async function feed(context: CommandContext): Promise<string> {
  const { feed, client } = await openFeed(context, undefined)
  try {
    const found = await client.fetch(feed.gbfs_url)
    if (found === 'not_modified') return feed.gbfs_url
    const discovery = parseDiscovery(found.body, feed.gbfs_url)
    const status = await client.fetch(discovery.feeds.station_status ?? '')
    if (status === 'not_modified') return feed.gbfs_url
    const snapshot = parseStatus(status.body, status.url)
    const age = context.wall() - snapshot.last_updated
    return `${feed.gbfs_url}: GBFS ${discovery.version}, ${snapshot.stations.length} stations, ${snapshot.quarantined.length} quarantined, ${age} s old`
  } finally {
    await client.close()
  }
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lakeTables } from '../../src/app/lake-tables.ts'
import { loadConfig } from '../../src/core/config/load.ts'
import type { Config } from '../../src/core/config/schema.ts'
import { silentReporter } from '../../src/core/report.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { BATCH_SECONDS, HOUR_SECONDS } from '../../src/core/time.ts'
import { ensureTables } from '../../src/platform/compose-aws.ts'
import { composePlatform } from '../../src/platform/compose.ts'
import type { Platform, Statement, Warehouse } from '../../src/platform/ports.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { openAccount } from './environment/account.ts'
import { hasTrino } from './environment/open-warehouse.ts'
import { compareFigures, compareTables, type Compared } from './whole-life/compare.ts'
import { live, LIVE_FROM, type Life } from './whole-life/live.ts'
import { CITY, DAYS_OF_LIFE, END, record, type Recorded } from './whole-life/recording.ts'

const HOURS_BY_TRINO = Number(process.env['WHOLE_LIFE_HOURS'] ?? 2)

describe.skipIf(!hasTrino())('the whole life of a model, on this machine and on AWS', () => {
  const closing: (() => Promise<unknown> | void)[] = []
  let local: Platform
  let aws: Platform
  let here: Life
  let there: Life

  const compose = (config: Config, root: string, clock: { now: number }): Promise<Platform> =>
    composePlatform(config, {
      root,
      clock: () => clock.now,
      env: process.env,
      elapsedMs: () => 0,
      random: seededRandom(1),
      report: silentReporter,
    })
  const lived = async (platform: Platform, clock: { now: number }, recorded: Recorded): Promise<Life> => {
    closing.push(() => platform.close())
    return live(platform, recorded, (now) => (clock.now = now))
  }

  beforeAll(async () => {
    const folder = await makeTempDir()
    closing.push(() => rm(folder, { recursive: true, force: true }))
    const recorded = await record(LIVE_FROM - BATCH_SECONDS)
    closing.push(() => recorded.feed.close())
    const root = join(folder, CITY)

    const clock = { now: 0 }
    local = await compose(loadConfig({}), root, clock)
    here = await lived(local, clock, recorded)

    const awsClock = { now: 0 }
    const account = await openAccount(CITY, () => awsClock.now)
    closing.push(() => account.close())
    for (const [name, value] of Object.entries(account.addresses)) vi.stubEnv(name, value)
    const config = loadConfig({ env: account.settings })
    await ensureTables(config, lakeTables(config, CITY))
    aws = await compose(config, root, awsClock)
    there = await lived(withOlderFeaturesOf(local.warehouse, aws), awsClock, recorded)
  }, 1_800_000)
  afterAll(async () => {
    for (const close of closing.toReversed()) await close()
    vi.unstubAllEnvs()
  })

  it('comes to the same figures', () => {
    // How long it took is the machine's affair, and so is at which look an endpoint was there.
    const figures = compareFigures(here, there, ['took', 'changed_before'])
    console.log(
      `${figures.count} figures on both platforms; seconds here ${said(here)}, there ${said(there)}`,
    )
    expect(figures.differences).toEqual([])
    expect(figures.count).toBeGreaterThan(500)
  })

  it('was a life in which something happened', () => {
    for (const { gates } of [here, there])
      expect(gates.map(({ endpoint, verdict }) => `${endpoint} ${verdict}`)).toEqual([
        'bikeshare-staging pass',
      ])
    expect(here.releases.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual([
      'promote done',
      'rollback done',
    ])
    expect(here.historyProblems).toEqual([])
    expect(here.ingested.filter((line) => line.includes(' stored '))).not.toEqual([])
    expect(here.batches.filter(({ endpoint }) => endpoint.startsWith('bikeshare-prod'))).not.toEqual([])
  })

  it.each(['features', 'predictions', 'monitoring_quality'] as const)('has the same %s', async (dataset) => {
    const compared: Compared = await compareTables(local.warehouse, aws.warehouse, {
      name: dataset,
      sql: `select * from data order by ${ORDER[dataset]}`,
      tables: { data: { dataset, city: CITY, ...DAYS_OF_LIFE } },
    })
    console.log(`${compared.count} cells of ${dataset} on both platforms`)
    expect(compared.differences.slice(0, 10)).toEqual([])
    expect(compared.count).toBeGreaterThan(100)
  })
})

/**
 * A day of predictions is 144 statements, and as many to look for skew; planning one takes Trino seconds on two cores. The
 * features of the older slots come from the other warehouse, over the same rows: that they are the same is what the parity of a
 * week shows. All else is AWS's, for every slot. WHOLE_LIFE_HOURS=24 leaves nothing out.
 */
function withOlderFeaturesOf(warehouse: Warehouse, platform: Platform): Platform {
  const from = END - HOURS_BY_TRINO * HOUR_SECONDS
  const isOlder = ({ name, params }: Statement): boolean =>
    /^features( as known)?$/.test(name) &&
    params?.['slot_from'] === params?.['slot_to'] &&
    Number(params?.['slot_to']) <= from
  return {
    ...platform,
    warehouse: {
      ...platform.warehouse,
      stream: (statement) => (isOlder(statement) ? warehouse : platform.warehouse).stream(statement),
    },
  }
}

const ORDER = {
  features: 'slot, station_id',
  predictions: 'endpoint, slot, station_id',
  monitoring_quality: 'endpoint, ends_at, kind, name',
} as const

const said = ({ took }: Life): string =>
  Object.entries(took)
    .map(([part, seconds]) => `${part} ${seconds.toFixed(1)}`)
    .join(', ')

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableName } from '../../../src/core/contracts/tables.ts'
import { silentReporter } from '../../../src/core/report.ts'
import { dsOf } from '../../../src/core/time.ts'
import { syncLakes } from '../../../src/data/lake/sync/sync-lakes.ts'
import { QUALITY_SQL } from '../../../src/data/lake/views.ts'
import type { SqlValue, Statement, Warehouse } from '../../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from '../../support/local-platform.ts'
import { CITY, START } from '../../support/quality-lake.ts'
import { type AthenaLake, hasTrino, openAthenaLake } from '../environment/open-warehouse.ts'
import { ENDPOINTS, fillStatementLake } from './statement-lake.ts'

const SRC = resolve(import.meta.dirname, '../../../src')
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .sort()

/** The datasets behind the names that statements give their tables. */
const TABLES: Readonly<Record<string, TableName>> = {
  status: 'station_status',
  station_status: 'station_status',
  status_in_lake: 'station_status',
  weather: 'weather_hourly',
  weather_in_lake: 'weather_hourly',
  information: 'station_information',
  station_information: 'station_information',
  stations: 'stations',
  neighbours: 'neighbours',
  calendar: 'calendar',
  features: 'features',
  predictions: 'predictions',
  published: 'monitoring_quality',
}

const END = START + 2.5 * 3600
const PARAMS: Readonly<Record<string, SqlValue>> = {
  city: CITY,
  target: 'bikes',
  endpoint: ENDPOINTS[0] ?? '',
  kind: null,
  // The time of a snapshot.
  at: START + 3600 - 30,
  since: START,
  station_id: 's03',
  ids: ',s01,s02,',
  from: START,
  until: END,
  to: END,
  due_from: START,
  due_to: END,
  valid_from: START - 3600,
  valid_to: END,
  slot_from: START + 3600,
  slot_to: START + 2 * 3600,
  known_until: END,
  status_until: END,
  weather_until: END,
}

/** Their order leaves ties, which each engine breaks as it likes. */
const TIES = new Set(['batch-hours.sql', 'slot-snapshots.sql', 'station-names.sql'])
/** Engines add up means and deviations in orders of their own: the last digits are theirs. */
const ROUNDED = new Set(['station-levels.sql'])

/** A file as a statement over the tables it names; a fragment is completed. */
function statementOf(file: string): Statement {
  const own = readFileSync(join(SRC, file), 'utf8')
  const readsQuality = /(from|join) quality\b/.test(own)
  const whole = readsQuality ? `with quality as (\n${QUALITY_SQL}\n)\n${own}` : own
  const sql = basename(file) === 'as-known.sql' ? `${whole}\nselect * from status` : whole
  const code = sql.replaceAll(/--[^\n]*/g, '')
  const defined = new Set([...code.matchAll(/(?:\bwith|,)\s*(\w+) as \(/g)].map(([, name]) => name))
  const names = Object.keys(TABLES).filter(
    (name) => !defined.has(name) && new RegExp(`(from|join)\\s+${name}\\b`).test(code),
  )
  const days = { city: CITY, dsFrom: dsOf(START - 86_400), dsTo: dsOf(START + 86_400) }
  const tables = names.map((name) => [name, { dataset: TABLES[name] ?? 'features', ...days }] as const)
  const used = [...code.matchAll(/\$(\w+)/g)].map(([, name = '']) => name)
  return {
    name: file,
    sql,
    tables: Object.fromEntries(tables),
    params: Object.fromEntries(used.map((name) => [name, PARAMS[name]] as const).filter(isGiven)),
  }
}

const isGiven = (entry: readonly [string, SqlValue | undefined]): entry is [string, SqlValue] =>
  entry[1] !== undefined

/** Rows as text, in the statement's own order, or in any where it has none. */
async function rowsOf(warehouse: Warehouse, statement: Statement): Promise<string[]> {
  const digits = ROUNDED.has(basename(statement.name)) ? 10 : undefined
  const rows = (await warehouse.rows<Record<string, SqlValue>>(statement)).map((row) =>
    JSON.stringify(Object.entries(row).map(([name, value]) => [name, cell(value, digits)])),
  )
  const isOrdered = /\border by\b[^)]*$/.test(statement.sql) && !TIES.has(basename(statement.name))
  return isOrdered ? rows : rows.sort()
}

function cell(value: SqlValue, digits: number | undefined): string | boolean | null {
  if (typeof value !== 'number') return value
  if (Object.is(value, -0)) return '-0'
  return digits === undefined ? String(value) : value.toFixed(digits)
}

describe.skipIf(!hasTrino())('every SQL file of the source, on DuckDB and on Trino', () => {
  let local: LocalPlatform
  let aws: AthenaLake
  beforeAll(async () => {
    local = await openLocalPlatform()
    await fillStatementLake(local)
    aws = await openAthenaLake([CITY], ENDPOINTS)
    await syncLakes({
      from: { store: local.store, address: 'local' },
      to: { store: aws.store, address: 'aws' },
      report: silentReporter,
    })
  })
  afterAll(async () => {
    await aws?.close()
    await local?.close()
  })

  it('is found', () => {
    expect(FILES.length).toBeGreaterThan(30)
  })

  it.each(FILES)('%s gives the same rows', async (file) => {
    const statement = statementOf(file)
    const onDuckdb = await rowsOf(local.warehouse, statement)
    const onTrino = await rowsOf(aws.warehouse, statement)
    expect(onTrino).toEqual(onDuckdb)
    // Checks find nothing in a sound lake; every other statement has something to say of this one.
    if (!basename(file).startsWith('check-')) expect(onTrino).not.toHaveLength(0)
  })
})

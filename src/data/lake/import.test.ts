import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Crash,
  crashingAt,
  DAY,
  filesBelow,
  informationBody,
  informationOf,
  stationsAt,
  statusBody,
} from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import type { StationStatus } from '../../core/contracts/station.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Column } from '../../platform/ports.ts'
import { importLake, importRecording, type ImportRecordingOptions } from './import.ts'
import { readVersions } from './information-versions.ts'
import type { LakeParts } from './publish.ts'
import { recordingSpan } from './recording/span.ts'
import { streamStatus } from './status-day.ts'

/** Three snapshots a day on three days. */
const TIMES = [0, 1, 2].flatMap((day) => [100, 40_000, 86_000].map((s) => DAY + day * DAY_SECONDS + s))

interface Row extends Omit<StationStatus, 'last_reported' | 'num_bikes_available'> {
  readonly last_updated: EpochSeconds
  readonly num_bikes_available: number | null
  readonly last_reported: number | null
}
const rowsAt = (time: EpochSeconds, stations: readonly StationStatus[] = stationsAt(time)): Row[] =>
  stations.map((station) => ({ last_updated: time, ...station }))

function columnsOf(rows: readonly Row[]): Column[] {
  const column = (name: keyof Row, type: Column['type']): Column => ({
    name,
    type,
    values: rows.map((row) => row[name]),
  })
  return [
    column('last_updated', 'BIGINT'),
    column('station_id', 'VARCHAR'),
    column('num_bikes_available', 'INTEGER'),
    column('num_docks_available', 'INTEGER'),
    column('num_bikes_disabled', 'INTEGER'),
    column('num_docks_disabled', 'INTEGER'),
    column('num_ebikes_available', 'INTEGER'),
    column('is_installed', 'BOOLEAN'),
    column('is_renting', 'BOOLEAN'),
    column('is_returning', 'BOOLEAN'),
    column('last_reported', 'BIGINT'),
  ]
}

describe('import', () => {
  let workshop: LocalPlatform
  let platform: LocalPlatform
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-'))
    workshop = await openLocalPlatform(folder)
    platform = await openLocalPlatform()
  })
  afterEach(async () => {
    await workshop.close()
    await platform.close()
    await rm(folder, { recursive: true, force: true })
  })

  const table = async (rows: readonly Row[], name = 'status.parquet'): Promise<string> => {
    await workshop.warehouse.writeRows(name, columnsOf(rows))
    return join(folder, name)
  }
  const file = async (name: string, body: Uint8Array | string): Promise<string> => {
    await writeFile(join(folder, name), body)
    return join(folder, name)
  }
  const take = (status: string[], more: Partial<ImportRecordingOptions> = {}, on: LakeParts = platform) =>
    importRecording(on, {
      city: 'test',
      status,
      information: [],
      timezone: 'America/New_York',
      report: silentReporter,
      ...more,
    })
  const contents = async (on: LakeParts = platform): Promise<[EpochSeconds, readonly StationStatus[]][]> => {
    const found: [EpochSeconds, readonly StationStatus[]][] = []
    for await (const s of streamStatus(on, 'test', '2024-03-12', '2024-03-14'))
      found.push([s.last_updated, s.stations])
    return found
  }
  const expected = (times: readonly EpochSeconds[] = TIMES) => times.map((t) => [t, stationsAt(t)])
  const errors = async () =>
    Object.keys(await filesBelow(platform.root)).filter((key) => key.endsWith('/_error.json'))

  it('takes the same snapshots from Parquet, CSV, GBFS documents and a lake', async () => {
    const rows = TIMES.flatMap((time) => rowsAt(time))
    const header = Object.keys(rows[0] ?? {}).join(',')
    const lines = rows.map((row) =>
      [isoOf(row.last_updated), ...Object.values(row).slice(1, -1), isoOf(row.last_reported ?? 0)].join(','),
    )
    const documents: string[] = []
    for (const [i, time] of TIMES.entries()) {
      const body = statusBody(time, { version: (['1.1', '2.3', '3.0'] as const)[i % 3] ?? '2.3' })
      documents.push(await file(`${i}.json${i % 2 ? '.gz' : ''}`, i % 2 ? gzipSync(body) : body))
    }
    const sources = [
      [await table(rows)],
      [await file('status.csv', [header, ...lines].join('\n'))],
      [await file('status.csv.gz', gzipSync([header, ...lines].join('\n')))],
      documents,
    ]
    await take(sources[0] ?? [])
    expect(await contents()).toEqual(expected())
    const curated = await filesBelow(platform.root, /^(imports|views)/)
    for (const status of sources.slice(1)) {
      const other = await openLocalPlatform()
      expect(await take(status, {}, other)).toMatchObject({ snapshots: 9, stored: 9, rows: 108, days: 3 })
      expect(await filesBelow(other.root, /^(imports|views)/), `from ${status[0]}`).toEqual(curated)
      await other.close()
    }
    const copy = await openLocalPlatform()
    await importLake(copy, platform, { report: silentReporter })
    expect(await filesBelow(copy.root, /^(imports|views)/)).toEqual(curated)
    await copy.close()
  })

  it('reads a folder of GBFS documents, and says from when to when a recording goes', async () => {
    for (const [i, time] of TIMES.entries()) await file(`${9 - i}.json`, statusBody(time))
    expect(await recordingSpan(workshop.warehouse, { status: [folder] })).toEqual({
      first: TIMES[0],
      last: TIMES.at(-1),
    })
    await take([folder])
    expect(await contents()).toEqual(expected())
  })

  it('sets the clock of a lake made from a recording to its last snapshot', async () => {
    const { lake } = await take([await table(TIMES.flatMap((time) => rowsAt(time)))])
    expect(lake.virtual_now).toBe(TIMES.at(-1))
  })

  it('takes [from, to) only, and leaves the day that `to` cuts open', async () => {
    const path = await table(TIMES.flatMap((time) => rowsAt(time)))
    const [, from = 0, , , , , , to = 0] = TIMES
    expect(await take([path], { from, to })).toMatchObject({ snapshots: 6 })
    expect(await contents()).toEqual(expected(TIMES.slice(1, 7)))
    const names = Object.keys(await filesBelow(platform.root)).filter((key) => key.startsWith('curated/'))
    expect(names).toEqual([
      'curated/station_status/city=test/ds=2024-03-12/day.parquet',
      'curated/station_status/city=test/ds=2024-03-13/day.parquet',
      'curated/station_status_live/city=test/ds=2024-03-14/2024-03-14-00-01-40.parquet',
    ])
    await take([path])
    expect(await contents()).toEqual(expected())
    expect(Object.keys(await filesBelow(platform.root)).some((key) => key.includes('_live/'))).toBe(false)
  })

  it('takes a file whose rows are in no order', async () => {
    const rows = TIMES.flatMap((time) => rowsAt(time))
    const shuffled = rows.map((row, i) => [(i * 37) % 101, row] as const).sort(([a], [b]) => a - b)
    await take([await table(shuffled.map(([, row]) => row))])
    expect(await contents()).toEqual(expected())
  })

  it('applies the station rules and counts what it sets aside', async () => {
    const [time = 0] = TIMES
    const rows = rowsAt(time, stationsAt(time, 0, 20))
    const strange = rows.map((row, i) => {
      if (i === 0) return { ...row, num_bikes_available: 2001 }
      if (i === 1) return { ...row, num_bikes_available: null }
      return i === 2 ? { ...row, last_reported: 0 } : row
    })
    expect(await take([await table(strange)])).toMatchObject({
      stored: 1,
      rows: 17,
      quarantined: { count_out_of_range: 1, malformed: 1, last_reported_invalid: 1 },
    })
  })

  it('takes a row that is there twice once, and of two different rows the newest report', async () => {
    const [time = 0] = TIMES
    const rows = rowsAt(time)
    const [first] = rows
    if (first === undefined) throw new Error('no row')
    const newer = { ...first, num_bikes_available: 19, last_reported: (first.last_reported ?? 0) + 5 }
    expect(await take([await table([...rows, ...rows])])).toMatchObject({ stored: 1, quarantined: {} })
    const other = await openLocalPlatform()
    const result = await take([await table([...rows, newer], 'other.parquet')], {}, other)
    expect(result.quarantined).toEqual({ duplicate_station_id: 1 })
    expect((await contents(other))[0]?.[1][0]?.num_bikes_available).toBe(19)
    await other.close()
  })

  it('keeps refused batches and conflicts with their reasons, and takes the rest', async () => {
    const [a = 0, b = 0, c = 0] = TIMES
    const stale = rowsAt(c).map((row) => ({ ...row, last_reported: c - 7 * 3600 }))
    const one = await table([...rowsAt(a), ...rowsAt(b, stationsAt(b, 0, 9)), ...stale], 'one.parquet')
    const two = await table(rowsAt(a, stationsAt(a, 5)), 'two.parquet')
    expect(await take([one, two])).toMatchObject({ stored: 1, refused: 2, conflicts: 1 })
    expect(await contents()).toEqual(expected([a]))
    const reasons = await Promise.all(
      (await errors()).map(async (key) => {
        const object = await platform.store.get(key)
        return (JSON.parse(new TextDecoder().decode(object?.body)) as { reason: string }).reason
      }),
    )
    expect(reasons.sort()).toEqual(['conflict', 'too_few_stations', 'too_many_stale'])
  })

  it('keeps information as versions that say something new', async () => {
    const paths = [
      await file('i1.json', informationBody(DAY - 50)),
      await file('i2.json', informationBody(DAY + 50)),
      await file(
        'i3.json',
        informationBody(DAY + 90, {
          stations: informationOf().map((s) => (s.station_id === 's001' ? { ...s, capacity: 5 } : s)),
        }),
      ),
    ]
    const status = [await table(TIMES.flatMap((time) => rowsAt(time)))]
    expect(await take(status, { information: paths })).toMatchObject({ information_versions: 13 })
    expect(await take(status, { information: paths })).toMatchObject({ information_versions: 0 })
    const versions = await readVersions(platform, 'test')
    expect(versions.get('s001')?.map((v) => [v.valid_from, v.capacity])).toEqual([
      [DAY - 50, 21],
      [DAY + 90, 5],
    ])
    expect(versions.get('s002')).toHaveLength(1)
  })

  it('lets the oldest information hold from the first snapshot when none is as old, and warns', async () => {
    const warnings: string[] = []
    const report = { ...silentReporter, warn: (message: string) => void warnings.push(message) }
    const information = [await file('i.json', informationBody(DAY + 90_000))]
    await take([await table(rowsAt(DAY + 500))], { information, report })
    expect((await readVersions(platform, 'test')).get('s000')?.map((v) => v.valid_from)).toEqual([DAY + 500])
    expect(warnings).toHaveLength(1)
  })

  it('takes weather that belongs to the recording', async () => {
    const lines = [-8, -2, 3].map((hour) => `${isoOf(DAY + hour * 3600)},${hour},1.5`)
    const weather = [await file('weather.csv', ['time,temp_c,precip_mm', ...lines].join('\n'))]
    expect(await take([await table(rowsAt(DAY + 500))], { weather })).toMatchObject({ weather_hours: 2 })
    expect(await take([await table(rowsAt(DAY + 500))], { weather })).toMatchObject({ weather_hours: 0 })
  })

  it('ends with the same lake, byte for byte, wherever it is killed and run again', async () => {
    const status = [
      await table([
        ...TIMES.slice(1, 4).flatMap((t) => rowsAt(t)),
        ...rowsAt(DAY + 50, stationsAt(DAY, 0, 5)),
      ]),
      await table(rowsAt(TIMES[1] ?? 0, stationsAt(7)), 'conflict.parquet'),
    ]
    const information = [
      await file('i1.json', informationBody(DAY - 50)),
      await file('i2.json', informationBody(DAY + 90_000, { stations: informationOf(9) })),
    ]
    const weather = [await file('weather.csv', `time,temp_c\n${isoOf(DAY)},1`)]
    const options = { information, weather, to: DAY + DAY_SECONDS + 50_000 }
    await take(status, options)
    const whole = await filesBelow(platform.root)
    for (let at = 0, died = true; died; at++) {
      const other = await openLocalPlatform()
      died = await take(status, options, crashingAt(other, at)).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error
          return true
        },
      )
      if (died) await take(status, options, other)
      expect(await filesBelow(other.root), `killed before write ${at}`).toEqual(whole)
      await other.close()
    }
  }, 60_000)

  it('can be stopped between days and goes on', async () => {
    const path = await table(TIMES.flatMap((time) => rowsAt(time)))
    const stop = new AbortController()
    const report = { ...silentReporter, start: () => ({ update: () => stop.abort(), end: () => {} }) }
    await expect(take([path], { report, signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await take([path])).toMatchObject({ snapshots: 9, stored: 3 })
    expect(await contents()).toEqual(expected())
  })

  it('names missing columns, rows without a time, unknown files and a missing time zone', async () => {
    const csv = await file(
      'short.csv',
      'last_updated,station_id,num_bikes_available\n2024-03-12T00:00:00Z,a,1\n',
    )
    await expect(take([csv])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: /num_docks_available, is_installed, is_renting, is_returning, last_reported/,
    })
    const header = Object.keys(rowsAt(DAY)[0] ?? {}).join(',')
    const odd = await file(
      'odd.csv',
      `${header}\nyesterday,a,1,1,0,0,0,true,true,true,2024-03-12T00:00:00Z\n`,
    )
    await expect(take([odd])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: /1 rows have no last_updated/,
    })
    await expect(take([await file('x.txt', '')])).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(take([join(folder, 'absent.parquet')])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const path = await table(rowsAt(DAY))
    await expect(
      importRecording(await openLocalPlatformFor(platform), {
        city: 'other',
        status: [path],
        information: [],
        report: silentReporter,
      }),
    ).rejects.toMatchObject({ code: 'MISMATCH' })
    const empty = await openLocalPlatform()
    await expect(
      importRecording(empty, { city: 'test', status: [path], information: [], report: silentReporter }),
    ).rejects.toMatchObject({ code: 'USAGE', message: /time zone/ })
    await empty.close()
  })

  /** The lake that the failed imports above began. */
  async function openLocalPlatformFor(on: LocalPlatform): Promise<LakeParts> {
    await take([await table(rowsAt(DAY + 100), 'begin.parquet')], {}, on)
    return on
  }
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastJson, mustRun, runCli } from '../support/cli.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const AT = Date.UTC(2026, 5, 1, 12) / 1000
const STATIONS = Array.from({ length: 12 }, (_, i) => ({ id: `s${i}`, bikes: i, docks: 20 - i }))

/** Documents by hand, one writer a version, so that what is parsed is not what was serialised by the same code. */
const VERSIONS = {
  '1.0': {
    status: oldStatus,
    information: oldInformation,
    wrap: (data: unknown) => ({ last_updated: AT, ttl: 60, data }),
    feeds: byLanguage,
  },
  '1.1': {
    status: oldStatus,
    information: oldInformation,
    wrap: (data: unknown) => ({ last_updated: AT, ttl: 60, version: '1.1', data }),
    feeds: byLanguage,
  },
  '2.3': {
    status: () => ({
      stations: STATIONS.map((s) => ({
        ...statusOf(s),
        is_installed: true,
        is_renting: true,
        is_returning: true,
      })),
    }),
    information: oldInformation,
    wrap: (data: unknown) => ({ last_updated: AT, ttl: 60, version: '2.3', data }),
    feeds: byLanguage,
  },
  '3.0': {
    status: () => ({
      stations: STATIONS.map((s) => ({
        station_id: s.id,
        num_vehicles_available: s.bikes,
        num_docks_available: s.docks,
        is_installed: true,
        is_renting: true,
        is_returning: true,
        last_reported: '2026-06-01T11:59:00Z',
      })),
    }),
    information: () => ({
      stations: STATIONS.map((s, i) => ({
        station_id: s.id,
        name: [{ text: `Station ${i}`, language: 'en' }],
        lat: 45.5 + i / 1000,
        lon: -73.6,
        capacity: 20,
      })),
    }),
    wrap: (data: unknown) => ({ last_updated: '2026-06-01T12:00:00Z', ttl: 60, version: '3.0', data }),
    feeds: (feeds: unknown) => ({ feeds }),
  },
} as const

function statusOf(s: (typeof STATIONS)[number]) {
  return {
    station_id: s.id,
    num_bikes_available: s.bikes,
    num_docks_available: s.docks,
    num_bikes_disabled: 0,
    last_reported: AT - 60,
  }
}

function oldStatus() {
  return {
    stations: STATIONS.map((s) => ({ ...statusOf(s), is_installed: 1, is_renting: 1, is_returning: 1 })),
  }
}

function oldInformation() {
  return {
    stations: STATIONS.map((s, i) => ({
      station_id: s.id,
      name: `Station ${i}`,
      lat: 45.5 + i / 1000,
      lon: -73.6,
      capacity: 20,
    })),
  }
}

function byLanguage(feeds: unknown) {
  return { fr: { feeds }, en: { feeds } }
}

let folder: string
let server: Server
let origin: string

beforeAll(async () => {
  folder = await makeTempDir()
  server = createServer((request, response) => {
    const [, version = '', name = ''] = (request.url ?? '').split('/')
    const gbfs = VERSIONS[version as keyof typeof VERSIONS]
    const documents: Record<string, () => unknown> = {
      'gbfs.json': () =>
        gbfs.feeds(
          ['station_status', 'station_information', 'system_information'].map((feed) => ({
            name: feed,
            url: `${origin}/${version}/${feed}-x9`,
          })),
        ),
      'station_status-x9': gbfs.status,
      'station_information-x9': gbfs.information,
      'system_information-x9': () => ({
        system_id: 'x',
        name: 'X',
        timezone: 'America/Toronto',
        language: 'en',
      }),
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(gbfs.wrap(documents[name]?.())))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

describe('npx bikeshare ingest', () => {
  it.each(Object.keys(VERSIONS))('takes a feed of version %s into the same rows', async (version) => {
    const city = `v${version.replace('.', '')}`
    const config = join(folder, `${city}.toml`)
    await writeFile(
      config,
      `[cities.${city}]\ngbfs_url = "${origin}/${version}/gbfs.json"\nweather = "none"\nallow_private_feeds = true\n`,
    )
    const common = ['--config', config, '--city', city, '--data-dir', folder, '--json']
    expect(lastJson(await mustRun(['ingest', ...common]))).toMatchObject({
      outcome: 'stored',
      stations: 12,
      quarantined: 0,
    })
    const query =
      'select last_updated, station_id, num_bikes_available, num_docks_available, is_renting, last_reported from station_status order by station_id'
    const { rows } = lastJson(await mustRun(['sql', query, ...common])) as { rows: unknown[][] }
    const expected = STATIONS.map((s) => [AT, s.id, s.bikes, s.docks, true, AT - 60])
    expect(rows).toEqual(expected.sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)))
  })

  it('refuses a feed on a private address unless the settings allow it, and says how', async () => {
    const config = join(folder, 'strict.toml')
    await writeFile(config, `[cities.strict]\ngbfs_url = "${origin}/2.3/gbfs.json"\nweather = "none"\n`)
    const run = await runCli(['ingest', '--config', config, '--city', 'strict', '--data-dir', folder])
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/private|loopback/)
    expect(run.stderr).toContain('allow_private_feeds')
  })
})

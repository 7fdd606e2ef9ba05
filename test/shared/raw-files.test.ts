import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastJson, mustRun } from '../support/cli.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

let folder: string
let server: Server
let origin: string

beforeAll(async () => {
  folder = await makeTempDir()
  const documents = new Map<string, Buffer>()
  for (const city of ['sf', 'nyc']) {
    for (const name of ['station_status', 'station_information']) {
      documents.set(
        `/${city}/${name}.json`,
        gunzipSync(await readFile(join(SHARED_DATA, `${city}_${name}.json.gz`))),
      )
    }
  }
  server = createServer((request, response) => {
    const city = (request.url ?? '').split('/')[1] ?? ''
    const feeds = ['station_status', 'station_information', 'system_information'].map((name) => ({
      name,
      url: `${origin}/${city}/${name}.json`,
    }))
    documents.set(
      `/${city}/gbfs.json`,
      Buffer.from(
        JSON.stringify({ last_updated: 1_686_852_398, ttl: 5, version: '1.1', data: { en: { feeds } } }),
      ),
    )
    const timezone = city === 'sf' ? 'America/Los_Angeles' : 'America/New_York'
    documents.set(
      `/${city}/system_information.json`,
      Buffer.from(
        JSON.stringify({
          last_updated: 1_686_852_398,
          ttl: 5,
          data: { system_id: city, language: 'en', name: city, timezone },
        }),
      ),
    )
    const body = documents.get(request.url ?? '')
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

describe('npx bikeshare ingest from a served copy of the raw files', () => {
  it.each([
    ['sf', 450],
    ['nyc', 2000],
  ])('takes the %s files, and a second time changes nothing', async (city, atLeast) => {
    const config = join(folder, `${city}.toml`)
    await writeFile(
      config,
      `[cities.${city}]\ngbfs_url = "${origin}/${city}/gbfs.json"\nweather = "none"\nallow_private_feeds = true\n`,
    )
    const args = ['ingest', '--config', config, '--city', city, '--data-dir', folder, '--json']
    const first = lastJson(await mustRun(args)) as { outcome: string; stations: number; quarantined: number }
    expect(first.outcome).toBe('stored')
    expect(first.stations).toBeGreaterThan(atLeast)
    expect(lastJson(await mustRun(args))).toMatchObject({ outcome: 'unchanged', stations: first.stations })
    const counted = lastJson(
      await mustRun([
        'sql',
        'select count(*) from station_status',
        '--city',
        city,
        '--data-dir',
        folder,
        '--json',
      ]),
    ) as { rows: number[][] }
    expect(counted.rows).toEqual([[first.stations]])
  })
})

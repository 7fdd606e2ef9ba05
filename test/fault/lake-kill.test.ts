import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openFaultFeed } from '../support/fault-feed.ts'
import {
  DAY,
  filesBelow,
  informationBody,
  informationOf,
  statusBody,
  systemBody,
} from '../support/lake-fixtures.ts'
import { toGbfs } from '../../src/data/gbfs/serialise.ts'

const CHILD = resolve(import.meta.dirname, '../support/lake-child.ts')
const TIMES = Array.from({ length: 12 }, (_, i) => DAY + 3600 + i * 300)
/** Milliseconds after the process is ready; early, and then ever later ones. */
const KILLS = [5, 40, 90, 150, 250, 400]

it('holds the same bytes after kill -9 of an ingesting process, again and again, as without', async () => {
  const feed = await openFaultFeed()
  for (const [i, time] of TIMES.entries()) {
    const url = (name: string): string => `${feed.origin}/${time}/${name}.json`
    const feeds = {
      station_status: url('station_status'),
      station_information: url('station_information'),
      system_information: url('system_information'),
    }
    feed.publish(`/${time}/gbfs.json`, toGbfs('2.3', { kind: 'gbfs', last_updated: time, ttl: 60, feeds }))
    feed.publish(`/${time}/system_information.json`, systemBody())
    feed.publish(
      `/${time}/station_information.json`,
      informationBody(time, { stations: informationOf(20 + (i >> 2)) }),
    )
    feed.publish(`/${time}/station_status.json`, statusBody(time))
  }
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  const run = async (root: string, killAfterMs?: number): Promise<number | null> => {
    const args = ['--import', 'tsx', CHILD, root, feed.origin, ...TIMES.map(String)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit') as Promise<[number | null]>
    if (killAfterMs !== undefined) {
      await once(child.stdout, 'data')
      await sleep(killAfterMs)
      child.kill('SIGKILL')
    }
    const [code] = await ended
    return code
  }
  try {
    expect(await run(join(folder, 'whole'))).toBe(0)
    for (const ms of KILLS) await run(join(folder, 'killed'), ms)
    expect(await run(join(folder, 'killed'))).toBe(0)
    const whole = await filesBelow(join(folder, 'whole'))
    expect(Object.keys(whole).filter((key) => key.startsWith('raw/station_status/'))).toHaveLength(24)
    expect(await filesBelow(join(folder, 'killed'))).toEqual(whole)
  } finally {
    await feed.close()
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)

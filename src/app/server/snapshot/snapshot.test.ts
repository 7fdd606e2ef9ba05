import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOW, openDashboardLake, type DashboardLake } from '../../../../test/support/dashboard.ts'
import { folderHashes } from '../../../../test/support/folder-hashes.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { ROUTES } from '../../../core/contracts/api/routes.ts'
import { sessionSchema } from '../../../core/contracts/api/session.ts'
import { snapshotPath } from '../../../core/contracts/api/snapshot-path.ts'
import { silentReporter } from '../../../core/report.ts'
import { exportSnapshot } from './export-snapshot.ts'

let lake: DashboardLake
beforeAll(async () => {
  lake = await openDashboardLake()
})
afterAll(() => lake.close())

async function builtPages(): Promise<string> {
  const folder = join(await tempDir(), 'web')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(
    join(folder, 'index.html'),
    '<head><meta name="bikeshare-source" content="server" /></head>',
  )
  await writeFile(join(folder, 'assets', 'app.js'), '1')
  return folder
}

const write = async (folder: string, o: { hours?: number; publicMode?: boolean; webRoot?: string } = {}) =>
  exportSnapshot(folder, {
    cities: [lake.shown],
    config: lake.config,
    webRoot: o.webRoot ?? (await builtPages()),
    version: '1.2.3',
    wall: () => NOW,
    report: silentReporter,
    hours: o.hours ?? 2,
    stations: 2,
    publicMode: o.publicMode ?? false,
  })

const answer = async (folder: string, path: string, query: Record<string, string> = {}): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, 'data', snapshotPath(path, query)), 'utf8'))

describe('the name of an answer in a snapshot', () => {
  it('leaves out what a snapshot has one of, and what is usual', () => {
    expect(snapshotPath('/cities/sf/top', { target: 'bikes', stage: 'prod', n: '20', at: '5' })).toBe(
      'cities/sf/top--at=5--stage=prod.json',
    )
    expect(snapshotPath('/cities/sf/model', { stage: 'staging', target: 'docks', days: '7' })).toBe(
      'cities/sf/model--target=docks.json',
    )
  })
})

describe('a snapshot', () => {
  it('holds the pages and the answers that they ask for, and is the same when it is written again', async () => {
    const folder = join(await tempDir(), 'site')
    const written = await write(folder)
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toContain('content="snapshot"')
    expect((await stat(folder)).mode & 0o777).toBe(0o755)
    expect(sessionSchema.parse(await answer(folder, '/session'))).toMatchObject({
      snapshot: true,
      access: 'viewer',
    })
    const timeline = ROUTES.timeline.answer.parse(
      await answer(folder, '/cities/demo/timeline', { stage: 'prod' }),
    )
    expect(timeline.batches).toEqual([NOW - 3600, NOW])
    for (const at of timeline.batches) {
      const state = await answer(folder, '/cities/demo/state', { stage: 'prod', at: `${at}` })
      expect(ROUTES.state.answer.parse(state).as_of.at).toBe(at)
      ROUTES.stations.answer.parse(await answer(folder, '/cities/demo/stations', { at: `${at}` }))
    }
    ROUTES.station.answer.parse(await answer(folder, '/cities/demo/stations/s1', { stage: 'prod' }))
    for (const name of ['model', 'system', 'releases', 'gate', 'plans', 'top'] as const)
      ROUTES[name].answer.parse(await answer(folder, `/cities/demo/${name}`))
    const before = await folderHashes(folder)
    expect(Object.keys(before).filter((file) => file.startsWith('data/'))).toHaveLength(written.answers)
    await write(folder)
    expect(await folderHashes(folder)).toEqual(before)
  })

  it('for everyone has the city alone', async () => {
    const folder = join(await tempDir(), 'site')
    await write(folder, { publicMode: true })
    const files = Object.keys(await folderHashes(folder))
    expect(files).toContain('data/cities/demo/state.json')
    expect(files.filter((file) => /model|system|releases|gate|plans|why|incidents/.test(file))).toEqual([])
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    expect(texts.join('\n')).not.toMatch(/bikeshare-(prod|staging)"|AllTraffic/)
  })

  it('takes no folder that holds something else, and leaves the one before when it fails', async () => {
    const folder = await tempDir()
    await writeFile(join(folder, 'mine.txt'), 'mine')
    await expect(write(folder)).rejects.toMatchObject({ code: 'USAGE' })
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
    const site = join(await tempDir(), 'site')
    await write(site)
    const before = await folderHashes(site)
    await expect(write(site, { webRoot: '/nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const other = await builtPages()
    await writeFile(join(other, 'index.html'), 'other')
    await expect(write(site, { webRoot: other })).rejects.toMatchObject({ code: 'MISMATCH' })
    expect(await folderHashes(site)).toEqual(before)
  })
})

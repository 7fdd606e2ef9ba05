import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, filesBelow, stationsAt } from '../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { silentReporter } from '../../core/report.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { backupLake } from './backup.ts'
import { createLake } from './lake-info.ts'
import { restoreLake } from './restore.ts'
import { mergeStatusDay } from './status-day.ts'

describe('a backup', () => {
  let platform: LocalPlatform
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-'))
    platform = await openLocalPlatform()
    await createLake(platform.store, {
      city: 'test',
      timezone: 'Europe/Oslo',
      country: 'NO',
      system_name: null,
      feed_url: null,
      virtual_now: null,
    })
    await mergeStatusDay(platform, 'test', '2024-03-12', [
      { last_updated: DAY + 60, stations: stationsAt(DAY) },
    ])
    await platform.store.put('models/g/v/report/page.html', 'x'.repeat(100_000))
  })
  afterEach(async () => {
    await platform.close()
    await rm(folder, { recursive: true, force: true })
  })
  const backup = (store: ObjectStore = platform.store, file = join(folder, 'lake.tar.gz')) =>
    backupLake(store, { file, now: DAY, report: silentReporter })
  const restore = (root = join(folder, 'restored'), file = join(folder, 'lake.tar.gz')) =>
    restoreLake({ file, root, report: silentReporter })

  it('restores the same files, byte for byte, into a folder that is not there or empty', async () => {
    expect(await backup()).toMatchObject({ files: 3 })
    expect(await restore()).toMatchObject({ city: 'test', files: 3 })
    expect(await filesBelow(join(folder, 'restored'))).toEqual(await filesBelow(platform.root))
    const empty = await mkdtemp(join(folder, 'empty-'))
    await restore(empty)
    expect(await filesBelow(empty)).toEqual(await filesBelow(platform.root))
  })

  it('of the same lake is the same file', async () => {
    await backup()
    const first = await readFile(join(folder, 'lake.tar.gz'))
    await backup()
    expect(await readFile(join(folder, 'lake.tar.gz'))).toEqual(first)
  })

  it('leaves out staged and temporary files, and itself when it is made inside the lake', async () => {
    await platform.store.put('staging/x.parquet', 'half')
    await writeFile(join(platform.root, '.tmp', 'x'), 'half')
    expect(await backup(platform.store, join(platform.root, 'mine.tar.gz'))).toMatchObject({ files: 3 })
    expect(await backup(platform.store, join(platform.root, 'mine.tar.gz'))).toMatchObject({ files: 3 })
  })

  it('holds what replaced a file that went away while it was read', async () => {
    let compacted = false
    const store: ObjectStore = {
      ...platform.store,
      get: async (key) => {
        if (key.startsWith('models/') && !compacted) {
          compacted = true
          await platform.store.put('models/g/v/report/new.html', 'new')
          await platform.store.delete(key)
        }
        return platform.store.get(key)
      },
    }
    await backup(store)
    await restore()
    expect(await filesBelow(join(folder, 'restored'))).toEqual(await filesBelow(platform.root))
  })

  it('is refused where something is, and that stays', async () => {
    await backup()
    await writeFile(join(folder, 'other.txt'), 'mine')
    await expect(restore(folder)).rejects.toMatchObject({ code: 'WRITE_CONFLICT' })
    expect(await readFile(join(folder, 'other.txt'), 'utf8')).toBe('mine')
  })

  it('that is cut, changed or no backup at all restores nothing and says so', async () => {
    await backup()
    const whole = await readFile(join(folder, 'lake.tar.gz'))
    const tar = gunzipSync(whole)
    const changed = Buffer.from(tar)
    changed[tar.indexOf('xxxxxxxxxx') + 5] = 0x79
    const damaged: [string, Uint8Array][] = [
      ['cut', whole.subarray(0, whole.length - 200)],
      ['changed', gzipSync(changed)],
      ['no gzip', Buffer.from('hello')],
      ['empty', gzipSync(Buffer.alloc(1024))],
    ]
    for (const [name, body] of damaged) {
      await writeFile(join(folder, 'bad.tar.gz'), body)
      await expect(
        restore(join(folder, 'bad'), join(folder, 'bad.tar.gz')),
        `a backup that is ${name}`,
      ).rejects.toMatchObject({
        code: 'CORRUPT',
      })
    }
    await expect(restore(join(folder, 'bad'), join(folder, 'absent.tar.gz'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect((await readdir(folder)).sort()).toEqual(['bad.tar.gz', 'lake.tar.gz'])
  })

  it('does not write outside the folder it is restored into', async () => {
    const { pack } = await import('tar-stream')
    const tar = pack()
    tar.entry({ name: '../outside.txt' }, 'x')
    tar.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of tar) chunks.push(chunk as Uint8Array)
    await writeFile(join(folder, 'lake.tar.gz'), gzipSync(Buffer.concat(chunks)))
    await expect(restore()).rejects.toMatchObject({ code: 'CORRUPT' })
    expect(await readdir(folder)).toEqual(['lake.tar.gz'])
  })

  it('cannot be written where there is no folder, and leaves nothing', async () => {
    await expect(backup(platform.store, join(folder, 'no', 'lake.tar.gz'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    expect(await readdir(folder)).toEqual([])
  })
})

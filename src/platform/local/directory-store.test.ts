import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { openDirectoryStore } from './directory-store.ts'
import { withFolderLock } from './folder-lock.ts'

describe('a directory as an object store', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  async function keys(prefix = ''): Promise<string[]> {
    const found: string[] = []
    for await (const { key } of openDirectoryStore(root).list(prefix)) found.push(key)
    return found
  }

  it('makes its folder with the first put, and reads none as empty', async () => {
    const store = openDirectoryStore(join(root, 'not/yet'))
    expect(await store.get('a')).toBeUndefined()
    expect(await store.folders('')).toEqual([])
    await store.delete('a')
    expect(await readdir(root)).toEqual([])
    await store.put('a', '1')
    expect(await readdir(join(root, 'not/yet'))).toEqual(['.tmp', 'a'])
  })

  it('hides its temp folder, and leaves nothing in it', async () => {
    const store = openDirectoryStore(root)
    await store.put('a', '1')
    await expect(store.put('a', '2', { ifAbsent: true })).rejects.toThrow(/there already/)
    await expect(store.put('a', '2', { ifMatch: 'other' })).rejects.toThrow(/changed by somebody else/)
    expect(await readdir(join(root, '.tmp'))).toEqual([])
    await writeFile(join(root, '.tmp/left-by-a-killed-process'), 'half')
    expect(await keys()).toEqual(['a'])
    expect(await store.folders('')).toEqual([])
  })

  it('takes a folder without an object for none', async () => {
    await mkdir(join(root, 'a/b/c'), { recursive: true })
    await writeFile(join(root, 'a/d'), '')
    const store = openDirectoryStore(root)
    expect(await store.folders('')).toEqual(['a'])
    expect(await store.folders('a/')).toEqual([])
    expect(await store.get('a/b')).toBeUndefined()
  })

  it('says that one key cannot be a folder of another', async () => {
    const store = openDirectoryStore(root)
    await store.put('a', '1')
    const refused = (error: unknown): boolean =>
      isOperatorError(error, 'BAD_INPUT') && /a\/b/.test(error.message)
    await expect(store.put('a/b', '2')).rejects.toSatisfy(refused)
    expect(await store.get('a/b')).toBeUndefined()
    expect(await keys()).toEqual(['a'])
    await expect(store.put('x'.repeat(300), '2')).rejects.toSatisfy((error) =>
      isOperatorError(error, 'BAD_INPUT'),
    )
  })

  it('makes a conditional put wait for the lock, and lets shared holders in together', async () => {
    const store = openDirectoryStore(root)
    const { etag } = await store.put('a', '1')
    const order: string[] = []
    await withFolderLock(root, 'shared', async () => {
      const conditional = store.put('a', '2', { ifMatch: etag }).then(() => order.push('conditional'))
      await store.put('b', '1')
      order.push('plain')
      return { conditional }
    }).then(({ conditional }) => conditional)
    expect(order).toEqual(['plain', 'conditional'])
  })

  it('gives the lock free when its holder fails', async () => {
    const failing = withFolderLock(root, 'exclusive', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await withFolderLock(root, 'exclusive', () => Promise.resolve('free'))).toBe('free')
  })
})

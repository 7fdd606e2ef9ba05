import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliDecompressSync, deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempDir } from './support/temp-dir.ts'

// Set-up is plain JavaScript: it runs before anything is installed.
const scripts = join(import.meta.dirname, '../scripts')
const load = <T>(file: string): Promise<T> => import(pathToFileURL(join(scripts, file)).href) as Promise<T>

const { unzip } = await load<{
  unzip: (archive: string, folder: string, wanted: (name: string) => boolean) => Promise<string[]>
}>('setup/wheel.mjs')
const { checkNodeVersion } = await load<{
  checkNodeVersion: (engines: { node: string }, version: string) => void
}>('setup/node-version.mjs')
const { withLock } = await load<{
  withLock: <T>(name: string, folder: string, work: () => Promise<T>) => Promise<T>
}>('setup/lock.mjs')
const { ensureBuilt } = await load<{ ensureBuilt: (root: string, progress?: unknown) => Promise<boolean> }>(
  'build.mjs',
)
const silent = { there() {}, say() {}, step: (_label: string, work: () => unknown) => work() }

/** A zip archive of these files, every other one deflated. */
function zip(files: readonly (readonly [string, Uint8Array])[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [index, [name, content]] of files.entries()) {
    const method = index % 2 === 0 ? 8 : 0
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE(at, 42)
    directory.push(entry, Buffer.from(name))
    parts.push(local, Buffer.from(name), packed)
    at += 30 + Buffer.byteLength(name) + packed.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listing, end])
}

describe('unpacking a wheel', () => {
  it('gives the wanted files with their content, and no others', async () => {
    const folder = await tempDir()
    let run = 0
    const content = fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(content, async (contents) => {
        const files = contents.map((bytes, i) => [`lib/folder-${i % 2}/file-${i}`, bytes] as const)
        const target = join(folder, String(run++))
        const archive = `${target}.whl`
        await writeFile(archive, zip(files))
        const names = await unzip(archive, target, (name) => name.startsWith('lib/folder-0/'))
        expect(names).toEqual(files.map(([name]) => name).filter((_, i) => i % 2 === 0))
        for (const [i, [name, bytes]] of files.entries())
          if (i % 2 === 0) expect(await readFile(join(target, name))).toEqual(Buffer.from(bytes))
        expect(await readdir(join(target, 'lib'))).toEqual(['folder-0'])
      }),
      { numRuns: 20 },
    )
  })

  it('refuses an archive that is cut off, is none, or would write outside its folder', async () => {
    const folder = await tempDir()
    const archive = join(folder, 'a.whl')
    const whole = zip([['lib/a', Buffer.alloc(500, 'a')]])
    const attempt = async (bytes: Uint8Array): Promise<unknown> => {
      await writeFile(archive, bytes)
      return unzip(archive, join(folder, 'out'), () => true)
    }
    await expect(attempt(whole.subarray(0, 60))).rejects.toThrow('no zip archive')
    await expect(attempt(Buffer.from('<html>'))).rejects.toThrow('no zip archive')
    await expect(attempt(zip([['lib/../../a', Buffer.of(1)]]))).rejects.toThrow('it holds the path')
  })
})

describe("Node's version", () => {
  it('is refused below what package.json asks for, in one sentence', () => {
    const engines = { node: '>=20.19.0' }
    for (const version of ['20.19.0', '20.19.1', '20.100.0', '22.0.0', '24.1.2'])
      expect(() => checkNodeVersion(engines, version)).not.toThrow()
    for (const version of ['18.20.4', '20.18.9', '20.9.0'])
      expect(() => checkNodeVersion(engines, version)).toThrow(
        `Node 20.19.0 or newer is needed, and this is Node ${version}: install a newer one.`,
      )
  })
})

describe('the lock of set-up', () => {
  it('lets one in at a time', async () => {
    const folder = await tempDir()
    let inside = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside)
      await readdir(folder)
      inside -= 1
    }
    await Promise.all([1, 2, 3, 4].map(() => withLock('test', folder, work)))
    expect(most).toBe(1)
  })

  it('passes over a holder that was killed', async () => {
    const folder = await tempDir()
    const code = `import { withLock } from ${JSON.stringify(pathToFileURL(join(scripts, 'setup/lock.mjs')).href)}
      await withLock('test', ${JSON.stringify(folder)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)) })`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await withLock('test', folder, async () => 'in')).toBe('in')
  })
})

describe('the build', () => {
  async function project(files: Readonly<Record<string, string>>): Promise<string> {
    const root = await tempDir()
    await symlink(join(import.meta.dirname, '../node_modules'), join(root, 'node_modules'))
    for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
      await writeFile(join(root, name), await readFile(join(import.meta.dirname, '..', name)))
    await writeFile(join(root, 'package.json'), '{"type":"module"}')
    await put(root, { 'scripts/build.mjs': '', ...files })
    return root
  }
  async function put(root: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), text)
    }
  }
  const built = async (root: string): Promise<string[]> =>
    (await readdir(join(root, 'dist'), { recursive: true }))
      .filter((name) => /\.(js|sql|ts|mjs)$/.test(name))
      .sort()

  const FILES = {
    'src/main.ts': "import { one } from './part/one.ts'\nconsole.log(one as number)\n",
    'src/part/one.ts': 'export const one: number = 1\n',
    'src/part/one.test.ts': 'export {}\n',
    'src/part/query.sql': 'SELECT 1\n',
    'src/part/loader.mjs': '',
  }

  it('compiles, copies what is no source, leaves tests and development files out, and runs', async () => {
    const root = await project(FILES)
    expect(await ensureBuilt(root, silent)).toBe(true)
    expect(await built(root)).toEqual(['main.js', 'part/one.js', 'part/query.sql'])
    expect(spawnSync(process.execPath, [join(root, 'dist/main.js')], { encoding: 'utf8' }).stdout).toBe('1\n')
  })

  it('does nothing the second time, and follows what changes, comes and goes', async () => {
    const root = await project(FILES)
    await ensureBuilt(root, silent)
    expect(await ensureBuilt(root, silent)).toBe(false)
    await put(root, { 'src/part/one.ts': 'export const one: number = 22\n', 'src/part/two.sql': 'SELECT 2' })
    await writeFile(join(root, 'src/main.ts'), 'console.log(3)\n')
    expect(await ensureBuilt(root, silent)).toBe(true)
    expect(await readFile(join(root, 'dist/part/one.js'), 'utf8')).toContain('22')
    expect(await built(root)).toEqual(['main.js', 'part/one.js', 'part/query.sql', 'part/two.sql'])
  })

  it('is done once when it is asked for twice at the same time', async () => {
    const root = await project(FILES)
    const done = await Promise.all([ensureBuilt(root, silent), ensureBuilt(root, silent)])
    expect(done.filter((worked) => worked)).toHaveLength(1)
    expect(await built(root)).toContain('main.js')
  })

  it('makes the pages beside the program, compressed, and makes neither again for the other', async () => {
    const pages = {
      'web/vite.config.ts': 'export default { root: import.meta.dirname }\n',
      'web/index.html': '<!doctype html><title>t</title><script type="module" src="/main.ts"></script>\n',
      'web/main.ts': `document.title = '${'long '.repeat(300)}'\n`,
    }
    const root = await project({ ...FILES, ...pages })
    await ensureBuilt(root, silent)
    expect(await built(root)).toContain('part/one.js')
    const [script] = (await built(root)).filter((name) => name.startsWith('web/assets/'))
    expect(brotliDecompressSync(await readFile(join(root, 'dist', `${script ?? ''}.br`)))).toEqual(
      await readFile(join(root, 'dist', script ?? '')),
    )
    const steps: string[] = []
    const telling = {
      ...silent,
      step: (label: string, work: () => unknown) => [steps.push(label), work()][1],
    }
    await put(root, { 'web/main.ts': "document.title = 'short'\n" })
    expect(await ensureBuilt(root, telling)).toBe(true)
    await put(root, { 'src/main.ts': 'console.log(4)\n' })
    expect(await ensureBuilt(root, telling)).toBe(true)
    expect(steps).toEqual(['Building the dashboard’s pages', 'Building'])
    expect(await readFile(join(root, 'dist/web/index.html'), 'utf8')).toContain('/assets/')
  })

  it('keeps the last good build when the source does not parse', async () => {
    const root = await project(FILES)
    await ensureBuilt(root, silent)
    await put(root, { 'src/main.ts': 'const = broken' })
    await expect(ensureBuilt(root, silent)).rejects.toThrow(/main\.ts/)
    expect(await readFile(join(root, 'dist/main.js'), 'utf8')).toContain('console.log')
  })
})

describe('the set-up program', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(scripts, 'setup.mjs'), ...args], { encoding: 'utf8' })

  it('answers a wrong flag with its usage and exit code 2', () => {
    for (const args of [['--wrong'], ['--xgboost', 'somewhere']]) {
      const { status, stderr } = run(...args)
      expect(status).toBe(2)
      expect(stderr).toContain('Usage: node scripts/setup.mjs')
    }
  })
})

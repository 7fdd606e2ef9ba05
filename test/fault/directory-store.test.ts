import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import { datapoints } from '../support/metric-datapoints.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const CHILD = join(REPOSITORY, 'test/support/store-child.ts')

/** A child process, and the lines it said so far. */
class Child {
  readonly process: ChildProcess
  readonly said: string[] = []
  readonly ended: Promise<unknown>
  #listeners = new Set<() => void>()

  /** `limit`: largest file it may write, in KiB. */
  constructor(task: string, root: string, amount: number, limit?: number) {
    const program = [process.execPath, '--import', 'tsx', CHILD, task, root, String(amount)]
    const command =
      limit === undefined ? program : ['bash', '-c', `ulimit -f ${limit}; exec "$@"`, 'bash', ...program]
    const [file = '', ...args] = command
    this.process = spawn(file, args, { cwd: REPOSITORY, stdio: ['pipe', 'pipe', 'inherit'] })
    this.ended = once(this.process, 'close')
    if (!this.process.stdout) throw new Error('The child has no output')
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.said.push(line)
      for (const listener of this.#listeners) listener()
    })
  }

  /** Resolves once the child has said that many lines in all. */
  async lines(count: number): Promise<void> {
    await new Promise<void>((done) => {
      const check = (): void => {
        if (this.said.length < count) return
        this.#listeners.delete(check)
        done()
      }
      this.#listeners.add(check)
      check()
    })
  }

  async start(): Promise<void> {
    await this.lines(1)
    this.process.stdin?.write('go\n')
  }
}

async function outcome(task: string, root: string, amount: number, limit?: number): Promise<string> {
  const child = new Child(task, root, amount, limit)
  await child.start()
  await child.ended
  return child.said.slice(1).join('\n')
}

/** Bytes a tmpfs of this size cannot hold, mounted where that is permitted. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a directory store among processes and failing disks', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const store = () => openDirectoryStore(root)
  const text = async (key: string): Promise<string> =>
    new TextDecoder().decode((await store().get(key))?.body)

  async function keys(): Promise<string[]> {
    const found: string[] = []
    for await (const { key } of store().list('')) found.push(key)
    return found
  }

  it('lets exactly one of several processes create an object', async () => {
    const children = Array.from({ length: 3 }, () => new Child('create', root, 0))
    await Promise.all(children.map((child) => child.lines(1)))
    await Promise.all(children.map((child) => child.start()))
    await Promise.all(children.map((child) => child.ended))
    const winners = children.filter((child) => child.said[1] === 'done')
    expect(winners).toHaveLength(1)
    expect(await text('race.json')).toBe(String(winners[0]?.process.pid))
    for (const child of children) expect(child.said[1]).toMatch(/^(done$|WRITE_CONFLICT race\.json)/)
  })

  it('loses no increment of several processes that read, change and write', async () => {
    await store().put('counter', '0')
    const children = Array.from({ length: 3 }, () => new Child('count', root, 50))
    await Promise.all(children.map((child) => child.lines(1)))
    await Promise.all(children.map((child) => child.start()))
    await Promise.all(children.map((child) => child.ended))
    expect(children.map((child) => child.said[1])).toEqual(['done', 'done', 'done'])
    expect(await text('counter')).toBe('150')
  })

  it('holds only whole objects, and every acknowledged one, after kill -9', async () => {
    const newest = new Map<string, number>()
    for (const [round, acknowledged] of [1, 2, 13, 40, 77].entries()) {
      const child = new Child('hammer', root, 1 + round * 1000)
      await child.start()
      await child.lines(1 + acknowledged)
      child.process.kill('SIGKILL')
      await child.ended
      for (const line of child.said.slice(1)) {
        const [key = '', version] = line.split(' ')
        newest.set(key, Number(version))
      }
      for (const key of await keys()) {
        const content = await text(key)
        const [hash, version] = content.split('\n', 2)
        expect(createHash('sha256').update(content.slice(65)).digest('hex')).toBe(hash)
        expect(Number(version)).toBeGreaterThanOrEqual(newest.get(key) ?? 0)
      }
      expect((await keys()).filter((key) => !key.startsWith('gone/'))).toEqual(
        expect.arrayContaining([...newest.keys()]),
      )
    }
    expect(newest.size).toBe(10)
  })

  it('says so when a folder may not be written, and changes nothing', async () => {
    await store().put('kept', 'before')
    await mkdir(join(root, '.tmp'), { recursive: true })
    for (const folder of [root, join(root, '.tmp')]) await chmod(folder, 0o555)
    const said = await outcome('put-as-nobody', root, 10)
    for (const folder of [root, join(root, '.tmp')]) await chmod(folder, 0o755)
    expect(said).toMatch(/^UNAVAILABLE Writing .*big\/object failed: EACCES \| .*permissions/)
    expect(await keys()).toEqual(['kept'])
  })

  it('takes nothing of metrics that the disk has no room for, and goes on taking others', async () => {
    const metrics = openMetricStore({ store: store() })
    const of = { Namespace: 'Test', MetricName: 'PSI', Dimensions: { City: 'demo' } }
    const span = { from: 1_715_644_800, to: 1_715_731_200, period: 86_400 }
    const said = await outcome('metrics', root, 9000, 64)
    expect(said).toMatch(/^UNAVAILABLE Writing .* failed: EFBIG \| .*limit.*\ndone$/)
    expect(await datapoints(metrics, of, span)).toEqual([[1_715_644_800, 1]])
    expect(await readdir(join(root, '.tmp'))).toEqual([])
    expect(await outcome('metrics', root, 9000)).toBe('done\ndone')
    expect(await datapoints(metrics, of, span)).toEqual([[1_715_644_800, (9000 * 9001) / 2]])
  })

  it.each([
    ['put', 4_000_000, /^UNAVAILABLE Writing .*big\/object failed: (EFBIG|ENOSPC) \| .*(limit|disk is full)/],
    ['write', 1_000_000, /^UNAVAILABLE statement "noise" failed: .* \| .*free space/],
  ])('says so when the disk is full in a %s, and leaves nothing behind', async (task, amount, expected) => {
    await store().put('kept', 'before')
    const check = async (limit?: number): Promise<void> => {
      expect(await outcome(task, root, amount, limit)).toMatch(expected)
      expect(await readdir(join(root, '.tmp'))).toEqual([])
      expect((await keys()).filter((key) => key !== 'kept')).toEqual([])
    }
    await check(1024)
    if (!mountSmallDisk(root)) return
    try {
      await check()
      expect((await store().put('small', 'still fits')).etag).toMatch(/./)
    } finally {
      execFileSync('umount', [root])
    }
    expect(await text('kept')).toBe('before')
  })
})

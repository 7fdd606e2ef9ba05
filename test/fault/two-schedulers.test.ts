import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLake } from '../../src/data/lake/lake-info.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { readLease } from '../../src/operations/scheduler/lease.ts'
import { tempDir } from '../support/temp-dir.ts'

const CHILD = fileURLToPath(new URL('../support/scheduler-child.ts', import.meta.url))

interface Child {
  readonly process: ChildProcess
  said(pattern: RegExp): Promise<string>
}

function start(root: string): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  return {
    process: child,
    said: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const line = lines.find((text) => pattern.test(text))
          if (line !== undefined) resolve(line)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Stops a process while it does not hold the kernel's lock on the folder, which nobody could take from it. */
async function pauseOutsideLock(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGSTOP')
  while (spawnSync('flock', ['--exclusive', '--nonblock', folder, 'true']).status !== 0) {
    child.kill('SIGCONT')
    await sleep(3)
    child.kill('SIGSTOP')
  }
}

describe('two schedulers of one lake', () => {
  it('the one that is paused for longer than its lease writes nothing once it goes on, while the other holds it', async () => {
    const root = await tempDir()
    const store = openDirectoryStore(root)
    await createLake(store, {
      city: 'test',
      timezone: 'UTC',
      country: null,
      system_name: null,
      feed_url: null,
      virtual_now: null,
    })
    const last = async (): Promise<{ pid: number; n: number }> =>
      JSON.parse(await readFile(join(root, 'log/last.json'), 'utf8')) as { pid: number; n: number }

    const first = start(root)
    await first.said(/writing/)
    const second = start(root)
    expect(await second.said(/waiting/)).toBe(`waiting for ${first.process.pid}`)
    // Long enough for several renewals: the second one still waits.
    await sleep(3000)
    expect((await last()).pid).toBe(first.process.pid)

    await pauseOutsideLock(first.process, root)
    await second.said(/writing/)
    expect((await readLease(store))?.holder?.pid).toBe(second.process.pid)
    first.process.kill('SIGCONT')
    expect(await first.said(/refused/)).toMatch(
      new RegExp(`lost its lease; the lake is held by process ${second.process.pid} on here`),
    )
    await once(first.process, 'exit')
    // What the first one had on its way when it was paused may have landed; nothing comes after it.
    const before = await last()
    expect(before.pid).toBe(second.process.pid)
    for (let now = before; now.n < before.n + 5; now = await last()) {
      expect(now.pid).toBe(second.process.pid)
      await sleep(10)
    }
    expect((await readLease(store))?.token).toBe(2)
  })
})

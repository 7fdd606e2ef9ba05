import { describe, expect, it } from 'vitest'
import { tempDir } from '../../../test/support/temp-dir.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { fencedStore } from './fence.ts'
import { leaseKey, LEASE_SECONDS, LostLease, readLease, takeLease, type Holder, type Lease } from './lease.ts'

const START = 1_710_244_800

function surroundings() {
  const time = { now: START, ms: 0 }
  const pass = (seconds: number): void => {
    time.now += seconds
    time.ms += seconds * 1000
  }
  const options = (holder: Holder) => ({ holder, wall: () => time.now, elapsedMs: () => time.ms })
  return { time, pass, options }
}

/** Another machine: whether its process is alive cannot be seen. */
const elsewhere: Holder = { host: 'elsewhere', pid: 1 }
const here: Holder = { host: 'here', pid: 4_000_001 }

async function mustTake(store: ObjectStore, options: Parameters<typeof takeLease>[1]): Promise<Lease> {
  const taken = await takeLease(store, options)
  if ('heldBy' in taken) throw new Error('the lease is held')
  return taken.lease
}

describe('the lease of a lake', () => {
  it('is taken by exactly one of many that ask at once', async () => {
    const store = openDirectoryStore(await tempDir())
    const { options } = surroundings()
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, i) => takeLease(store, options({ host: `host-${i}`, pid: 1 }))),
    )
    expect(asked.filter((taken) => 'lease' in taken)).toHaveLength(1)
    const { holder } = (await readLease(store)) ?? {}
    for (const taken of asked) if ('heldBy' in taken) expect(taken.heldBy.holder).toEqual(holder)
  })

  it('is held while it is renewed, free once it has expired, and its token grows with every holder', async () => {
    const store = openDirectoryStore(await tempDir())
    const { pass, options } = surroundings()
    const first = await mustTake(store, options(elsewhere))
    for (let i = 0; i < 5; i++) {
      pass(LEASE_SECONDS / 2)
      await first.check()
    }
    expect(await takeLease(store, options(here))).toMatchObject({ heldBy: { holder: elsewhere } })
    pass(LEASE_SECONDS + 1)
    const second = await mustTake(store, options(here))
    expect(second.token).toBe(first.token + 1)
  })

  it('once lost refuses every write, also after the other one has gone', async () => {
    const store = openDirectoryStore(await tempDir())
    const { pass, options } = surroundings()
    const first = await mustTake(store, options(elsewhere))
    const fenced = fencedStore(store, () => first.check())
    await fenced.put('a', 'before')
    pass(LEASE_SECONDS + 1)
    const second = await mustTake(store, options(here))
    await expect(fenced.put('a', 'after')).rejects.toBeInstanceOf(LostLease)
    await expect(fenced.delete('a')).rejects.toThrow(/held by process 4000001 on here/)
    await second.release()
    await expect(fenced.put('a', 'after')).rejects.toBeInstanceOf(LostLease)
    expect(first.lost.aborted).toBe(true)
    expect(new TextDecoder().decode((await fenced.get('a'))?.body)).toBe('before')
  })

  it('that was paused for too long but taken by nobody goes on', async () => {
    const store = openDirectoryStore(await tempDir())
    const { pass, options } = surroundings()
    const lease = await mustTake(store, options(elsewhere))
    pass(10 * LEASE_SECONDS)
    await fencedStore(store, () => lease.check()).put('a', 'x')
    expect(await takeLease(store, options(here))).toHaveProperty('heldBy')
  })

  it('is free at once when its holder gave it up, or is a process of this machine that has ended', async () => {
    const store = openDirectoryStore(await tempDir())
    const { options } = surroundings()
    await (await mustTake(store, options(elsewhere))).release()
    // No process has a number above the kernel's greatest.
    await mustTake(store, options(here))
    await mustTake(store, options({ ...here, pid: process.pid }))
    expect(await takeLease(store, options({ ...here, pid: 4_000_002 }))).toHaveProperty('heldBy')
  })

  it('of a clock that was set back since is free; its holder, when alive, notices', async () => {
    const store = openDirectoryStore(await tempDir())
    const { time, options } = surroundings()
    const first = await mustTake(store, options(elsewhere))
    time.now -= 3600
    await mustTake(store, options(here))
    await expect(first.check()).rejects.toBeInstanceOf(LostLease)
  })

  it('that is damaged is not taken', async () => {
    const store = openDirectoryStore(await tempDir())
    await store.put(leaseKey(), '{"token":')
    await expect(takeLease(store, surroundings().options(here))).rejects.toThrow(/lease.json is damaged/)
  })
})

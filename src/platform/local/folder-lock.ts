import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import koffi from 'koffi'
import { OperatorError } from '../../core/errors.ts'

const LOCK_SHARED = 1
const LOCK_EXCLUSIVE = 2
const LOCK_NONBLOCKING = 4
const FIRST_WAIT_MS = 1
const LONGEST_WAIT_MS = 20
const GIVE_UP_MS = 60_000

type Flock = (fd: number, operation: number) => number

let flock: Flock | undefined

/** The C library's own flock(2): Node has none, and only the kernel's lock ends with its holder, however it dies. */
function loadFlock(): Flock {
  flock ??= koffi.load(null).func('int flock(int fd, int operation)') as unknown as Flock
  return flock
}

/**
 * Runs `action` under the kernel's lock on an existing folder, against all processes on this machine (and all
 * callers in this one): `exclusive` alone, `shared` together with other shared ones. The lock is advisory, leaves no
 * file, and ends with its holder. UNAVAILABLE when it cannot be had within a minute.
 */
export async function withFolderLock<T>(
  folder: string,
  mode: 'shared' | 'exclusive',
  action: () => Promise<T>,
): Promise<T> {
  const lock = loadFlock()
  const operation = (mode === 'shared' ? LOCK_SHARED : LOCK_EXCLUSIVE) | LOCK_NONBLOCKING
  const handle = await open(folder, 'r')
  try {
    let waited = 0
    for (let ms = FIRST_WAIT_MS; lock(handle.fd, operation) !== 0; ms = Math.min(ms * 2, LONGEST_WAIT_MS)) {
      if (waited >= GIVE_UP_MS)
        throw new OperatorError(
          'UNAVAILABLE',
          `${folder} is locked by another process for over a minute`,
          'See which process holds it (fuser, lsof); end it if it hangs. The file system must support flock.',
        )
      await wait(ms)
      waited += ms
    }
    return await action()
  } finally {
    await handle.close()
  }
}

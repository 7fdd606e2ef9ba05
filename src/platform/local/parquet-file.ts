import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { WrittenFile } from '../ports.ts'
import { diskError } from './disk-error.ts'
import { openTempFile, publish } from './durable-file.ts'
import { keyPath } from './key-path.ts'

const READ_BYTES = 1 << 20

/** Lets `fill` write a temp file and say how many rows it holds, then gives it its key, atomically and durably. */
export async function publishParquet(
  root: string,
  key: string,
  fill: (path: string) => Promise<number>,
): Promise<WrittenFile> {
  const target = keyPath(root, key)
  let temp: string | undefined
  try {
    const file = await openTempFile(root)
    temp = file.path
    await file.handle.close()
    const rows = await fill(temp)
    const content = await syncAndHash(temp)
    await publish(root, temp, target)
    return { key, rows, ...content }
  } catch (error) {
    if (temp !== undefined) await rm(temp, { force: true }).catch(() => {})
    throw diskError(error, 'Writing', target)
  }
}

async function syncAndHash(path: string): Promise<{ bytes: number; sha256: string }> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
    const hash = createHash('sha256')
    const buffer = Buffer.alloc(READ_BYTES)
    let bytes = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, bytes)
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
      hash.update(buffer.subarray(0, bytesRead))
      bytes += bytesRead
    }
  } finally {
    await handle.close()
  }
}

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/**
 * Unpacks the files of a zip archive whose names `wanted` accepts into `folder`. Reads as much of the format as wheels
 * use: stored and deflated entries, no encryption, no zip64.
 */
export async function unzip(archive, folder, wanted, onProgress = () => {}) {
  const file = await open(archive)
  try {
    const entries = (await directory(file)).filter(({ name }) => wanted(name))
    const total = entries.reduce((sum, { size }) => sum + size, 0)
    let done = 0
    for (const entry of entries) {
      const target = join(folder, entry.name)
      await mkdir(dirname(target), { recursive: true })
      await extract(archive, file, entry, target, (bytes) => {
        done += bytes
        onProgress(total === 0 ? 1 : done / total)
      })
    }
    return entries.map(({ name }) => name)
  } finally {
    await file.close()
  }
}

async function read(file, position, length) {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  if (bytesRead !== length) throw new Error('the archive ends early')
  return buffer
}

/** The central directory: name, sizes and place of every file. */
async function directory(file) {
  const { size } = await file.stat()
  const tailLength = Math.min(size, 22 + 65_535)
  const tail = await read(file, size - tailLength, tailLength)
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end === -1) throw new Error('it is no zip archive')
  const listing = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries = []
  for (let at = 0; at < listing.length;) {
    if (listing.readUInt32LE(at) !== 0x02014b50) throw new Error('its directory is damaged')
    const nameLength = listing.readUInt16LE(at + 28)
    const name = listing.toString('utf8', at + 46, at + 46 + nameLength)
    if (name.split('/').includes('..') || name.startsWith('/')) throw new Error(`it holds the path ${name}`)
    entries.push({
      name,
      method: listing.readUInt16LE(at + 10),
      packed: listing.readUInt32LE(at + 20),
      size: listing.readUInt32LE(at + 24),
      header: listing.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + listing.readUInt16LE(at + 30) + listing.readUInt16LE(at + 32)
  }
  return entries.filter(({ name }) => !name.endsWith('/'))
}

async function extract(archive, file, entry, target, onBytes) {
  const header = await read(file, entry.header, 30)
  const start = entry.header + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  let written = 0
  const count = async function* (chunks) {
    for await (const chunk of chunks) {
      written += chunk.length
      onBytes(chunk.length)
      yield chunk
    }
  }
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${entry.name} is packed by method ${entry.method}`)
  const packed = entry.packed === 0 ? [] : createReadStream(archive, { start, end: start + entry.packed - 1 })
  const unpacked = entry.method === 8 ? [createInflateRaw()] : []
  await pipeline(packed, ...unpacked, count, createWriteStream(target, { flush: true }))
  if (written !== entry.size) {
    await rm(target)
    throw new Error(`${entry.name} has ${written} bytes instead of ${entry.size}`)
  }
}

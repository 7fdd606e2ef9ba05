import { type Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** A body that is larger than it may be, before or after decompression. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

/** A Content-Encoding that is not understood. */
export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError'
}

/** The encodings that `readBounded` undoes, for Accept-Encoding. */
export const ACCEPTED_ENCODINGS = 'gzip, br, deflate'

/**
 * Reads a body whole and undoes its Content-Encoding, never holding more than `maxBytes` of it: the limit holds for the bytes
 * received and for the bytes they decompress to, so neither an endless body nor a bomb fills the memory.
 * A file that is gzip by its first bytes though no encoding says so is decompressed as well.
 * Rejects with TooLargeError, UnknownEncodingError, or the error of the stream or the decompressor.
 */
export async function readBounded(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const decoder = decoderOf(encoding)
  const received = limit(maxBytes, 'received')
  const chunks: Uint8Array[] = []
  const keep = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) chunks.push(chunk)
  }
  if (decoder === undefined) await pipeline(body, received, keep)
  else await pipeline(body, received, decoder, limit(maxBytes, 'decompressed'), keep)
  const whole = Buffer.concat(chunks)
  return decoder === undefined && whole[0] === 0x1f && whole[1] === 0x8b
    ? gunzipBounded(whole, maxBytes)
    : whole
}

/** Decompresses gzip to at most `maxBytes`. Rejects as `readBounded`. */
export async function gunzipBounded(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  await pipeline([bytes], createGunzip(), limit(maxBytes, 'decompressed'), async (source) => {
    for await (const chunk of source) chunks.push(chunk)
  })
  return Buffer.concat(chunks)
}

function limit(maxBytes: number, what: string) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let total = 0
    for await (const chunk of source) {
      total += chunk.length
      if (total > maxBytes) throw new TooLargeError(`more than ${maxBytes} bytes ${what}`)
      yield chunk
    }
  }
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch ((encoding ?? '').trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default:
      throw new UnknownEncodingError(`content encoding "${(encoding ?? '').slice(0, 40)}" is not understood`)
  }
}

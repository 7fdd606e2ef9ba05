/** One frame of a film: a still WebP, and how long it is shown, in milliseconds. */
export interface Frame {
  readonly webp: Uint8Array
  readonly milliseconds: number
}

interface Chunk {
  readonly id: string
  readonly data: Buffer
}

const ANIMATION = 0x02
/** Chunks of a still that hold its pixels. */
const PIXELS = new Set(['ALPH', 'VP8 ', 'VP8L'])

/**
 * Puts stills of one size together to an animated WebP, which plays for ever. The stills are encoded already: only their
 * chunks are laid out anew (developers.google.com/speed/webp/docs/riff_container).
 */
export function animateWebp(frames: readonly Frame[], size: { width: number; height: number }): Uint8Array {
  const canvas = Buffer.alloc(10)
  canvas[0] = ANIMATION
  canvas.writeUIntLE(size.width - 1, 4, 3)
  canvas.writeUIntLE(size.height - 1, 7, 3)
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', canvas),
    // Background colour, and how often it plays: 0 is for ever.
    chunk('ANIM', Buffer.alloc(6)),
    ...frames.map((frame) => chunk('ANMF', frameData(frame, size))),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([Buffer.from('RIFF'), length, body])
}

function frameData({ webp, milliseconds }: Frame, size: { width: number; height: number }): Buffer {
  const head = Buffer.alloc(16)
  head.writeUIntLE(size.width - 1, 6, 3)
  head.writeUIntLE(size.height - 1, 9, 3)
  head.writeUIntLE(Math.round(milliseconds), 12, 3)
  // Not blended with the frame before: each is whole.
  head[15] = 0x02
  const pixels = chunksOf(Buffer.from(webp)).filter(({ id }) => PIXELS.has(id))
  return Buffer.concat([head, ...pixels.map(({ id, data }) => chunk(id, data))])
}

function chunk(id: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(id, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

function chunksOf(webp: Buffer): Chunk[] {
  if (webp.toString('latin1', 0, 4) !== 'RIFF' || webp.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('the browser gave no WebP')
  const chunks: Chunk[] = []
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4)
    chunks.push({ id: webp.toString('latin1', at, at + 4), data: webp.subarray(at + 8, at + 8 + length) })
    at += 8 + length + (length % 2)
  }
  return chunks
}

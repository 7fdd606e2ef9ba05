import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRows, encodeRows } from './row-frames.ts'

const COLUMNS = 3
const float = fc.float().map((v) => Math.fround(v))
const batch = fc.array(fc.tuple(float, float, float, float), { maxLength: 6 }).map((rows) => ({
  labels: Float32Array.from(rows, ([y]) => y),
  features: Float32Array.from(rows.flatMap(([, ...x]) => x)),
}))

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

it('rows arrive as they were sent, however the pipe cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(batch),
      fc.array(batch),
      fc.integer({ min: 1, max: 50 }),
      async (train, validation, size) => {
        const frames = Buffer.concat([
          ...train.map((rows) => encodeRows('train', rows)),
          ...validation.map((rows) => encodeRows('validation', rows)),
        ])
        const sent = {
          train: train.filter(({ labels }) => labels.length > 0),
          validation: validation.filter(({ labels }) => labels.length > 0),
        }
        expect(await decodeRows(inPieces(frames, size), COLUMNS)).toEqual(sent)
      },
    ),
  )
})

it('rows that end within a frame are an error', async () => {
  const frame = encodeRows('train', { labels: Float32Array.of(1), features: Float32Array.of(1, 2, 3) })
  for (const length of [3, 8, frame.length - 1])
    await expect(decodeRows(inPieces(frame.slice(0, length), 4), COLUMNS)).rejects.toThrow(
      'middle of a frame',
    )
})

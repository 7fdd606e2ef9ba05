import type { RowBatch } from './capi.ts'
import { ROW_SETS, type RowSet } from './training-protocol.ts'

/**
 * Rows on their way to the training process: frames of two uint32 (which set, how many rows), then the labels and the
 * row-major features as float32, all in this machine's byte order.
 */
const HEADER_BYTES = 8

/** One batch as a frame. */
export function encodeRows(set: RowSet, { labels, features }: RowBatch): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + (labels.length + features.length) * 4)
  new Uint32Array(frame.buffer, 0, 2).set([ROW_SETS.indexOf(set), labels.length])
  new Float32Array(frame.buffer, HEADER_BYTES).set(labels)
  new Float32Array(frame.buffer, HEADER_BYTES).set(features, labels.length)
  return frame
}

/** Reads frames until the pipe ends. Throws when it ends within a frame. */
export async function decodeRows(
  pipe: AsyncIterable<Uint8Array>,
  columns: number,
): Promise<Record<RowSet, RowBatch[]>> {
  const sets: Record<RowSet, RowBatch[]> = { train: [], validation: [] }
  let wanted = new Uint8Array(HEADER_BYTES)
  let filled = 0
  let batches: RowBatch[] | undefined
  for await (const chunk of pipe) {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, wanted.length - filled)
      wanted.set(chunk.subarray(at, at + count), filled)
      filled += count
      at += count
      if (filled < wanted.length) continue
      if (batches === undefined) {
        const [set = 0, rows = 0] = new Uint32Array(wanted.buffer)
        if (rows > 0) {
          batches = sets[ROW_SETS[set] ?? 'train']
          wanted = new Uint8Array(rows * (columns + 1) * 4)
        }
      } else {
        const rows = wanted.length / 4 / (columns + 1)
        batches.push({
          labels: new Float32Array(wanted.buffer, 0, rows),
          features: new Float32Array(wanted.buffer, rows * 4),
        })
        batches = undefined
        wanted = new Uint8Array(HEADER_BYTES)
      }
      filled = 0
    }
  }
  if (filled > 0 || batches !== undefined) throw new Error('the rows ended in the middle of a frame')
  return sets
}

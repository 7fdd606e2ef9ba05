import type { MediaType } from './media-type.ts'

/** Digits that tell any two float32 numbers apart. */
const FLOAT32_DIGITS = 9

/**
 * The answer for `scores`: text/csv has one a line, without a newline at the end; application/json is `{"predictions":[{"score":…},…]}`. Reading a
 * number back and rounding it to float32 gives the score again.
 */
export function scoresBody(scores: Float32Array, type: MediaType): Uint8Array {
  const numbers: string[] = []
  for (const score of scores) numbers.push(String(Number(score.toPrecision(FLOAT32_DIGITS))))
  return Buffer.from(
    type === 'text/csv'
      ? numbers.join('\n')
      : `{"predictions":[${numbers.map((number) => `{"score":${number}}`).join(',')}]}`,
  )
}

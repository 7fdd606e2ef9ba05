import koffi from 'koffi'

/** A place for a value that the library returns through a pointer. */
export const cell = (): BigUint64Array => new BigUint64Array(1)
/** What was put there. */
export const first = (from: BigUint64Array): bigint => from[0] ?? 0n

/** Floats at a pointer of the library, copied: it may use their memory again in the next call. */
export const copyFloats = (pointer: bigint, length: number): Float32Array =>
  length === 0 ? new Float32Array(0) : new Float32Array(koffi.view(pointer, length * 4)).slice()

/** Strings at a pointer of the library. */
export function strings(pointer: bigint, count: number): string[] {
  if (count === 0) return []
  return [...new BigUint64Array(koffi.view(pointer, count * 8))].map((p) =>
    String(koffi.decode(p, 'char', -1)),
  )
}

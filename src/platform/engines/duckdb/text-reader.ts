import duckdb from '@duckdb/node-bindings'

/** DuckDB's string: its length in 4 bytes, then up to 12 bytes of text, or 4 of its beginning and a pointer. */
const WORDS = 4
const INLINE_BYTES = 12
const TWO_32 = 4_294_967_296

/** Of the bytes between two texts, each shares a memory page with one of them as long as they are few; so they may be read. */
const GAP_BYTES = 64
/** Longest stretch of memory copied at once. */
const SPAN_BYTES = 1 << 20

/** Texts of the rows of a string vector's data; null where `isNull` says so. */
export function readTexts(
  data: Uint8Array,
  rows: number,
  isNull: (row: number) => boolean,
): (string | null)[] {
  const vector = new StringVector(data, rows, isNull)
  const texts: (string | null)[] = []
  for (let row = 0; row < rows; row += 1) texts.push(isNull(row) ? null : vector.text(row))
  return texts
}

/**
 * Each look behind a pointer costs a call into DuckDB. Texts of one page or heap lie one after the other, so a look
 * fetches the whole stretch that the rows to come point at.
 */
class StringVector {
  readonly #data: Uint8Array
  readonly #words: Uint32Array
  readonly #rows: number
  readonly #isNull: (row: number) => boolean
  #span: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(data: Uint8Array, rows: number, isNull: (row: number) => boolean) {
    this.#data = data
    this.#words = new Uint32Array(data.buffer, data.byteOffset, rows * WORDS)
    this.#rows = rows
    this.#isNull = isNull
  }

  text(row: number): string {
    const length = this.#length(row)
    if (length <= INLINE_BYTES) return this.#short(row, length)
    const pointer = this.#pointer(row)
    if (pointer < this.#start || pointer + length > this.#start + this.#span.length) this.#fetch(row)
    const at = pointer - this.#start
    return this.#span.toString('utf8', at, at + length)
  }

  #length(row: number): number {
    return this.#words[row * WORDS] ?? 0
  }

  #pointer(row: number): number {
    return (this.#words[row * WORDS + 3] ?? 0) * TWO_32 + (this.#words[row * WORDS + 2] ?? 0)
  }

  #short(row: number, length: number): string {
    const at = row * WORDS * 4 + 4
    let text = ''
    for (let i = at; i < at + length; i += 1) {
      const code = this.#data[i] ?? 0
      if (code >= 0x80)
        return Buffer.from(this.#data.buffer, this.#data.byteOffset + at, length).toString('utf8')
      text += String.fromCharCode(code)
    }
    return text
  }

  #fetch(row: number): void {
    this.#start = this.#pointer(row)
    let end = this.#start + this.#length(row)
    for (let next = row + 1; next < this.#rows; next += 1) {
      const length = this.#length(next)
      if (length <= INLINE_BYTES || this.#isNull(next)) continue
      const pointer = this.#pointer(next)
      if (pointer < this.#start || pointer > end + GAP_BYTES || pointer + length > this.#start + SPAN_BYTES)
        break
      end = Math.max(end, pointer + length)
    }
    const pointerAt = this.#data.byteOffset + row * WORDS * 4 + 8
    const bytes = duckdb.get_data_from_pointer(this.#data.buffer as ArrayBuffer, pointerAt, end - this.#start)
    this.#span = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

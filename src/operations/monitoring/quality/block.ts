import type { Target } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'

/** One prediction, as it is held. */
export interface HeldRow {
  readonly score: number
  /** What was said: 1 for a predicted stock-out. */
  readonly said: number
  /** Count at the slot. */
  readonly count: number
  /** 1 ran short, 0 did not, -1 is not known. */
  readonly label: number
  /** Of the station; -1 is not known. */
  readonly capacity: number
  readonly variant: string
  readonly version: string
}

/** The predictions of one endpoint at one slot, those with a known outcome first. Never changed: replaced. */
export interface Block {
  readonly slot: EpochSeconds
  readonly target: Target
  /** Rows in all, and how many of them have an outcome. */
  readonly rows: number
  readonly labelled: number
  readonly labels: Int8Array
  readonly scores: Float64Array
  readonly counts: Int32Array
  readonly said: Uint8Array
  readonly capacities: Int32Array
  readonly variants: readonly string[]
  readonly versions: readonly string[]
  /** Rows that were set aside, by reason. */
  readonly aside: Readonly<Record<string, number>>
  /** The same for the same rows in any order. */
  readonly digest: string
}

/** Rows by column, as they come: objects that live for long would cost more than all the rest. */
class Columns {
  readonly labels: number[] = []
  readonly scores: number[] = []
  readonly counts: number[] = []
  readonly said: number[] = []
  readonly capacities: number[] = []
  readonly variants: string[] = []
  readonly versions: string[] = []

  push(row: HeldRow): void {
    this.labels.push(row.label)
    this.scores.push(row.score)
    this.counts.push(row.count)
    this.said.push(row.said)
    this.capacities.push(row.capacity)
    this.variants.push(row.variant)
    this.versions.push(row.version)
  }
}

/** Collects the rows of one block. */
export class BlockBuilder {
  readonly #known = new Columns()
  readonly #unknown = new Columns()
  readonly #aside: Record<string, number> = {}
  readonly #slot: EpochSeconds
  readonly #target: Target
  /** Sums of two hashes of each row: the order does not matter, and a row that differs in anything changes both. */
  #sums: readonly [number, number] = [0, 0]

  constructor(slot: EpochSeconds, target: Target) {
    this.#slot = slot
    this.#target = target
  }

  add(row: HeldRow): void {
    const hash = rowHash(row)
    const [a, b] = this.#sums
    this.#sums = [(a + hash) >>> 0, (b + mix(hash, 0x9e3779b9)) >>> 0]
    if (row.label < 0) this.#unknown.push(row)
    else this.#known.push(row)
  }

  setAside(reason: string, rows: number): void {
    this.#aside[reason] = (this.#aside[reason] ?? 0) + rows
  }

  build(): Block {
    const [known, unknown] = [this.#known, this.#unknown]
    const rows = known.labels.length + unknown.labels.length
    let [a] = this.#sums
    for (const [reason, count] of Object.entries(this.#aside)) a = (a + mix(textHash(reason), count)) >>> 0
    return {
      slot: this.#slot,
      target: this.#target,
      rows,
      labelled: known.labels.length,
      labels: Int8Array.from(known.labels.concat(unknown.labels)),
      scores: Float64Array.from(known.scores.concat(unknown.scores)),
      counts: Int32Array.from(known.counts.concat(unknown.counts)),
      said: Uint8Array.from(known.said.concat(unknown.said)),
      capacities: Int32Array.from(known.capacities.concat(unknown.capacities)),
      variants: known.variants.concat(unknown.variants),
      versions: known.versions.concat(unknown.versions),
      aside: this.#aside,
      digest: `${rows}-${a.toString(16)}-${this.#sums[1].toString(16)}`,
    }
  }
}

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)

function rowHash(row: HeldRow): number {
  double[0] = row.score
  let hash = mix(halves[0] ?? 0, halves[1] ?? 0)
  hash = mix(hash, ((row.label + 1) << 1) | row.said)
  hash = mix(hash, row.count)
  hash = mix(hash, row.capacity)
  hash = mix(hash, textHash(row.variant))
  return mix(hash, textHash(row.version))
}

/** Mixes two 32-bit numbers into one (the finaliser of MurmurHash3). */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x85ebca6b, 0x9e3779b1) ^ Math.imul(b ^ (a >>> 16), 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const textHashes = new Map<string, number>()

function textHash(text: string): number {
  const known = textHashes.get(text)
  if (known !== undefined) return known
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i))
  if (textHashes.size > 10_000) textHashes.clear()
  textHashes.set(text, hash)
  return hash
}

import { log } from './arithmetic.ts'

/** What a stream of random numbers is for. A new use gets a new number; the numbers are part of what a seed means. */
export const STREAMS = {
  layout: 1,
  weather: 2,
  shocks: 3,
  events: 4,
  demand: 5,
  trucks: 6,
  closures: 7,
  outages: 8,
  feed: 9,
  day: 10,
  start: 11,
} as const

/** The purpose of a stream. */
export type Stream = keyof typeof STREAMS

/**
 * xoshiro128** 1.1 (Blackman and Vigna, public domain), on 32-bit integers throughout. A stream is named by a seed, a
 * purpose and any numbers that tell its uses apart (a day, a truck): what one stream gives never depends on how far
 * another has been read, which is what lets the same demand be replayed against other decisions.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number
  #spare: number | undefined

  constructor(seed: number, stream: Stream, ...path: readonly number[]) {
    let h = mix(seed | 0, Math.floor(seed / 4_294_967_296) | 0)
    h = mix(h, STREAMS[stream])
    for (const step of path) h = mix(h, step | 0)
    this.#a = mix(h, 1)
    this.#b = mix(h, 2)
    this.#c = mix(h, 3)
    this.#d = mix(h, 4) | 1
  }

  /** The next 32 bits, 0..2^32-1. */
  next(): number {
    const x = Math.imul(this.#b, 5)
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0
    const t = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= t
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.next() / 4_294_967_296
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** One of 0..n-1. */
  below(n: number): number {
    return Math.floor(this.uniform() * n)
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== undefined) {
      const z = this.#spare
      this.#spare = undefined
      return z
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const f = Math.sqrt((-2 * log(s)) / s)
      this.#spare = y * f
      return x * f
    }
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -mean * log(1 - this.uniform())
  }

  /** A Poisson count. Exact: arrivals of rate 1 are counted until `mean` has passed. */
  poisson(mean: number): number {
    let count = 0
    for (let passed = this.exponential(1); passed < mean; passed += this.exponential(1)) count++
    return count
  }
}

/** One round of MurmurHash3's block mixing and its finaliser. */
function mix(h: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  let x = h ^ k
  x = Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) | 0
}

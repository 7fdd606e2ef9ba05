import { z } from 'zod'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { sha256 } from '../../../core/hash.ts'
import { packDistribution, unpackDistribution, type PackedDistribution } from './distribution.ts'
import { metricKey, type Series, type SeriesName } from './series.ts'

const headSchema = z.strictObject({
  block_version: z.literal(1),
  /** Seconds that a datum stands for: 60 as it was put, 300 or 3600 once it is aggregated. */
  resolution: z.int().positive(),
  /** Puts of parts that are in it. */
  merged: z.array(z.string()),
  /** Of everything after the head. */
  sha256: z.string(),
  /** What each further line holds, in order. */
  series: z.array(
    z.strictObject({
      MetricName: z.string(),
      Dimensions: z.record(z.string(), z.string()),
      Unit: z.string(),
      parts: z.boolean(),
      first: z.int(),
      last: z.int(),
    }),
  ),
})
type Head = z.infer<typeof headSchema>

/** A series in a block, and the times of its first and last datum. */
export type BlockSeries = Head['series'][number]

/** A number takes more room than its digits. */
const READ_BYTES_A_CHARACTER = 4

/**
 * All data of a namespace and day in columns: a head in one line of JSON, then a line a series with its times (from the
 * first on, as differences) and its values. One series is read without the others.
 */
export class Block {
  readonly key: string
  readonly #head: Head
  readonly #lines: readonly string[]
  readonly #read = new Map<number, Series>()
  #bytes: number
  readonly #merged: ReadonlySet<string>
  readonly #places = new Map<string, number[]>()

  private constructor(key: string, head: Head, lines: readonly string[]) {
    this.key = key
    this.#head = head
    this.#lines = lines
    this.#bytes = lines.reduce((sum, line) => sum + line.length, 0)
    this.#merged = new Set(head.merged)
    for (const [i, name] of head.series.entries()) {
      const key = metricKey(name)
      this.#places.set(key, [...(this.#places.get(key) ?? []), i])
    }
  }

  /** CORRUPT, with the key, when the content is not what was written. */
  static decode(key: string, body: Uint8Array): Block {
    try {
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      const end = bytes.indexOf('\n')
      const head = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)))
      const rest = bytes.subarray(end + 1)
      if (sha256(rest) !== head.sha256) throw new Error('its content does not match its hash')
      return new Block(key, head, rest.toString('utf8').split('\n'))
    } catch (error) {
      throw new OperatorError(
        'CORRUPT',
        `${key} is damaged (${messageOf(error).slice(0, 100)})`,
        'Take it from a backup, or remove it: the metrics of that day in that namespace are lost then.',
        error,
      )
    }
  }

  static encode(content: {
    readonly resolution: number
    readonly merged: readonly string[]
    readonly series: readonly Series[]
  }): string {
    const filled = content.series.filter(({ t }) => t.length > 0)
    const rest = filled
      .map(({ t, v }) => JSON.stringify({ t: differences(t), v: v.map(packDistribution) }))
      .join('\n')
    const head: Head = {
      block_version: 1,
      resolution: content.resolution,
      merged: [...content.merged],
      sha256: sha256(rest),
      series: filled.map(({ name: { MetricName, Dimensions, Unit, parts }, t }) => ({
        MetricName,
        Dimensions: { ...Dimensions },
        Unit,
        parts,
        first: t[0] ?? 0,
        last: t.at(-1) ?? 0,
      })),
    }
    return `${JSON.stringify(head)}\n${rest}`
  }

  get resolution(): number {
    return this.#head.resolution
  }

  get names(): readonly BlockSeries[] {
    return this.#head.series
  }

  get merged(): ReadonlySet<string> {
    return this.#merged
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return this.#bytes
  }

  /** Places in `names` of the series of a metric, by its `metricKey`. */
  placesOf(key: string): readonly number[] {
    return this.#places.get(key) ?? []
  }

  /** The series at a place of `names`. */
  seriesAt(index: number): Series {
    const known = this.#read.get(index)
    if (known) return known
    const line = this.#lines[index] ?? ''
    const { t, v } = JSON.parse(line) as { t: number[]; v: PackedDistribution[] }
    const series = { name: this.#head.series[index] as SeriesName, t: sums(t), v: v.map(unpackDistribution) }
    this.#read.set(index, series)
    this.#bytes += READ_BYTES_A_CHARACTER * line.length
    return series
  }
}

function differences(times: readonly number[]): number[] {
  return times.map((t, i) => t - (i === 0 ? 0 : (times[i - 1] ?? 0)))
}

function sums(steps: readonly number[]): number[] {
  let t = 0
  return steps.map((step) => (t += step))
}

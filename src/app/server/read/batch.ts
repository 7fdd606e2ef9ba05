import type { EpochSeconds } from '../../../core/time.ts'
import type { ColumnBatch } from '../../../platform/ports.ts'
import type { Interner } from './interner.ts'

/** Who made predictions, and from which score on they said that a station runs out. */
export interface Maker {
  readonly variant: string
  readonly model_version: string
  readonly threshold: number
}

/** Predictions of one endpoint and slot, by column. */
export interface Batch {
  readonly endpoint: string
  readonly slot: EpochSeconds
  /** Of each row the number of its station. */
  readonly stations: Int32Array
  /** Row by number of station; -1 or nothing where there is none. */
  readonly rows: Int32Array
  readonly score: Float64Array
  readonly count: Int32Array
  /** 1 for said to run out. */
  readonly stockout: Uint8Array
  readonly made_at: Float64Array
  readonly maker: Uint8Array
  readonly makers: readonly Maker[]
  /** 1 for made after the fact: no live figure counts it. */
  readonly backfilled: Uint8Array
}

/** One prediction of a batch. */
export interface Said {
  readonly score: number
  readonly count_now: number
  readonly stockout: boolean
  readonly maker: Maker
}

/** What a batch says of a station (by its number), as far as it was made by `at`. */
export function saidOf(batch: Batch, station: number | undefined, at: EpochSeconds): Said | undefined {
  const row = station === undefined ? -1 : (batch.rows[station] ?? -1)
  if (row < 0 || (batch.made_at[row] ?? Infinity) > at) return undefined
  const maker = batch.makers[batch.maker[row] ?? 0]
  return (
    maker && {
      score: batch.score[row] ?? Number.NaN,
      count_now: batch.count[row] ?? Number.NaN,
      stockout: batch.stockout[row] === 1,
      maker,
    }
  )
}

/** True when any of it was made by `at`. */
export const isMadeBy = (batch: Batch, at: EpochSeconds): boolean => batch.made_at.some((made) => made <= at)

/** About how much memory a batch takes. */
export const bytesOf = (batch: Batch): number => batch.stations.length * 30 + batch.rows.length * 4 + 200

interface Growing {
  readonly endpoint: string
  readonly slot: EpochSeconds
  readonly stations: number[]
  readonly score: number[]
  readonly count: number[]
  readonly stockout: number[]
  readonly made_at: number[]
  readonly maker: number[]
  readonly backfilled: number[]
  readonly makers: Maker[]
}

/** Takes rows ordered by endpoint and slot, and gives their batches. */
export async function batchesFrom(stream: AsyncIterable<ColumnBatch>, numbers: Interner): Promise<Batch[]> {
  const done: Batch[] = []
  let growing: Growing | undefined
  for await (const { rows, columns } of stream) {
    const column = <T>(name: string): ArrayLike<T> => (columns[name] ?? []) as unknown as ArrayLike<T>
    const endpoints = column<string>('endpoint')
    const slots = column<number>('slot')
    const ids = column<string>('station_id')
    const counts = column<number>('count_now')
    const scores = column<number>('score')
    const thresholds = column<number>('threshold')
    const said = column<boolean>('stockout')
    const variants = column<string>('variant')
    const versions = column<string>('model_version')
    const made = column<number>('made_at')
    const backfilled = column<boolean>('backfilled')
    for (let row = 0; row < rows; row++) {
      const [endpoint, slot] = [endpoints[row] ?? '', slots[row] ?? 0]
      if (growing?.endpoint !== endpoint || growing.slot !== slot) {
        if (growing) done.push(packed(growing, numbers))
        growing = {
          endpoint,
          slot,
          stations: [],
          score: [],
          count: [],
          stockout: [],
          made_at: [],
          maker: [],
          makers: [],
          backfilled: [],
        }
      }
      growing.stations.push(numbers.place(ids[row] ?? ''))
      growing.score.push(scores[row] ?? Number.NaN)
      growing.count.push(counts[row] ?? 0)
      growing.stockout.push(said[row] === true ? 1 : 0)
      growing.made_at.push(made[row] ?? 0)
      growing.backfilled.push(backfilled[row] === true ? 1 : 0)
      growing.maker.push(
        placeOf(growing.makers, variants[row] ?? '', versions[row] ?? '', thresholds[row] ?? Number.NaN),
      )
    }
  }
  if (growing) done.push(packed(growing, numbers))
  return done
}

function placeOf(makers: Maker[], variant: string, model_version: string, threshold: number): number {
  const found = makers.findIndex(
    (maker) =>
      maker.variant === variant && maker.model_version === model_version && maker.threshold === threshold,
  )
  return found >= 0 ? found : makers.push({ variant, model_version, threshold }) - 1
}

function packed(growing: Growing, numbers: Interner): Batch {
  const stations = Int32Array.from(growing.stations)
  const rows = new Int32Array(numbers.size).fill(-1)
  for (const [row, station] of stations.entries()) rows[station] = row
  return {
    endpoint: growing.endpoint,
    slot: growing.slot,
    stations,
    rows,
    score: Float64Array.from(growing.score),
    count: Int32Array.from(growing.count),
    stockout: Uint8Array.from(growing.stockout),
    made_at: Float64Array.from(growing.made_at),
    maker: Uint8Array.from(growing.maker),
    makers: growing.makers,
    backfilled: Uint8Array.from(growing.backfilled),
  }
}

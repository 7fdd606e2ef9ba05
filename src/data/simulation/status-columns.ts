import type { EpochSeconds } from '../../core/time.ts'
import type { Column } from '../../platform/ports.ts'

/** One station in one snapshot, as a feed prints it. */
export interface StatusRow {
  readonly bikes: number
  readonly docks: number
  readonly bikesDisabled: number
  readonly docksDisabled: number
  readonly ebikes: number
  readonly installed: boolean
  readonly renting: boolean
  readonly returning: boolean
  readonly lastReported: EpochSeconds
}

/** Status rows by column, in the recordings' columns; room for `capacity` rows. */
export class StatusColumns {
  rows = 0
  readonly #lastUpdated: Float64Array
  readonly #id: string[] = []
  readonly #bikes: Int32Array
  readonly #docks: Int32Array
  readonly #bikesDisabled: Int32Array
  readonly #docksDisabled: Int32Array
  readonly #ebikes: Int32Array
  readonly #installed: boolean[] = []
  readonly #renting: boolean[] = []
  readonly #returning: boolean[] = []
  readonly #lastReported: Float64Array

  constructor(capacity: number) {
    this.#lastUpdated = new Float64Array(capacity)
    this.#bikes = new Int32Array(capacity)
    this.#docks = new Int32Array(capacity)
    this.#bikesDisabled = new Int32Array(capacity)
    this.#docksDisabled = new Int32Array(capacity)
    this.#ebikes = new Int32Array(capacity)
    this.#lastReported = new Float64Array(capacity)
  }

  add(lastUpdated: EpochSeconds, id: string, row: StatusRow): void {
    const n = this.rows++
    this.#lastUpdated[n] = lastUpdated
    this.#id.push(id)
    this.#bikes[n] = row.bikes
    this.#docks[n] = row.docks
    this.#bikesDisabled[n] = row.bikesDisabled
    this.#docksDisabled[n] = row.docksDisabled
    this.#ebikes[n] = row.ebikes
    this.#installed.push(row.installed)
    this.#renting.push(row.renting)
    this.#returning.push(row.returning)
    this.#lastReported[n] = row.lastReported
  }

  /** The rows so far. */
  columns(): Column[] {
    const n = this.rows
    return [
      { name: 'last_updated', type: 'BIGINT', values: this.#lastUpdated.subarray(0, n) },
      { name: 'station_id', type: 'VARCHAR', values: this.#id },
      { name: 'num_bikes_available', type: 'INTEGER', values: this.#bikes.subarray(0, n) },
      { name: 'num_docks_available', type: 'INTEGER', values: this.#docks.subarray(0, n) },
      { name: 'num_bikes_disabled', type: 'INTEGER', values: this.#bikesDisabled.subarray(0, n) },
      { name: 'num_docks_disabled', type: 'INTEGER', values: this.#docksDisabled.subarray(0, n) },
      { name: 'num_ebikes_available', type: 'INTEGER', values: this.#ebikes.subarray(0, n) },
      { name: 'is_installed', type: 'BOOLEAN', values: this.#installed },
      { name: 'is_renting', type: 'BOOLEAN', values: this.#renting },
      { name: 'is_returning', type: 'BOOLEAN', values: this.#returning },
      { name: 'last_reported', type: 'BIGINT', values: this.#lastReported.subarray(0, n) },
    ]
  }
}

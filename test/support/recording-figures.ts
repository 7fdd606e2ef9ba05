import { openLocalClock, hourOf } from '../../src/data/simulation/local-clock.ts'
import { HORIZON_SECONDS, SLOT_SECONDS, STATE_MAX_AGE_SECONDS } from '../../src/core/time.ts'
import { RiskTable, averagePrecision } from './risk-table.ts'

/** Status rows of a recording by column, ordered by last_updated; a batch may begin or end within a snapshot. */
export interface StatusBatch {
  readonly rows: number
  readonly lastUpdated: ArrayLike<number>
  readonly stationId: ArrayLike<string>
  readonly bikes: ArrayLike<number>
  readonly docks: ArrayLike<number>
  readonly installed: ArrayLike<boolean>
  readonly renting: ArrayLike<boolean>
  readonly returning: ArrayLike<boolean>
  readonly lastReported: ArrayLike<number>
}

/** Figures of one target over the ten-minute rows whose station is usable and whose state 30 minutes on is known. */
export interface TargetFigures {
  readonly rows: number
  /** Share of rows with at most 2. */
  readonly low: number
  /** Share of onset rows (more than 2 now) with at most 2 after 30 minutes. */
  readonly newly: number
  /** Share of rows with at most 2 now that have more after 30 minutes. */
  readonly recovers: number
  readonly persistence: number
  readonly persistenceOnset: number
  /** Onset PR-AUC, on the last fifth of the days, of a table of past risk by count, hour, trend and stations nearby in level. */
  readonly tableOnset: number
  /** Persistence on the same rows. */
  readonly tablePersistenceOnset: number
  /** Share of rows that are not the same after 30 minutes, and the mean of the absolute change. */
  readonly changed: number
  readonly meanChange: number
  /** Share of rows that change by 5 or more, and 10 or more. */
  readonly changeOf5: number
  readonly changeOf10: number
  /** Share of rows with at most 2 by local hour. */
  readonly lowByHour: readonly number[]
  /** Mean absolute change in 30 minutes by local hour. */
  readonly changeByHour: readonly number[]
  /** Quantiles .5, .75, .9 over stations of the share of their rows with at most 2. */
  readonly lowOfStations: readonly number[]
}

/** Figures of a recording. */
export interface RecordingFigures {
  readonly snapshots: number
  readonly stations: number
  readonly bikes: TargetFigures
  readonly docks: TargetFigures
  /** Quantiles .25, .5, .75, .95 over stations of bikes that came or went, per dock and day, seen on the 5-minute grid. */
  readonly turnover: readonly number[]
  /** Correlation between the change of bikes in the last 30 minutes and in the next. */
  readonly momentum: number
}

const UNKNOWN = -1
/** Slots from the state 30 minutes ago to the one in 30 minutes. */
const DEPTH = (2 * HORIZON_SECONDS) / SLOT_SECONDS + 1

interface SlotState {
  readonly slot: number
  readonly bikes: Int32Array
  readonly docks: Int32Array
  /** 1 rents, 2 takes back. */
  readonly usable: Uint8Array
}

/** Gathers the figures of a recording as its batches go by. `days` are those of the whole recording. */
export class FigureCollector {
  readonly #local
  readonly #index = new Map<string, number>()
  readonly #window: SlotState[] = []
  readonly #targets: { readonly bikes: TargetTally; readonly docks: TargetTally }
  readonly #turnover: { moved: number; slots: number; docks: number }[] = []
  readonly #momentum = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 }
  #at = -1
  #previousAt = -1
  #snapshots = 0
  #current = emptyState()
  #reported: number[] = []
  #previous = emptyState()
  #nextSlot = -1

  constructor(options: { readonly timezone: string; readonly testFrom: number }) {
    this.#local = openLocalClock(options.timezone, null)
    this.#targets = { bikes: new TargetTally(options.testFrom), docks: new TargetTally(options.testFrom) }
  }

  add(batch: StatusBatch): void {
    for (let n = 0; n < batch.rows; n++) {
      const at = batch.lastUpdated[n] ?? 0
      if (at !== this.#at) this.#turn(at)
      const reported = batch.lastReported[n] ?? 0
      const bikes = batch.bikes[n] ?? UNKNOWN
      const docks = batch.docks[n] ?? UNKNOWN
      if (reported <= 0 || bikes < 0 || bikes > 2000 || docks < 0 || docks > 2000) continue
      const id = batch.stationId[n] ?? ''
      let i = this.#index.get(id)
      if (i === undefined) {
        i = this.#index.size
        this.#index.set(id, i)
      }
      if (this.#current.bikes[i] !== undefined && (this.#reported[i] ?? 0) > reported) continue
      this.#reported[i] = reported
      this.#current.bikes[i] = bikes
      this.#current.docks[i] = docks
      const installed = batch.installed[n] === true
      this.#current.usable[i] =
        (installed && batch.renting[n] === true ? 1 : 0) | (installed && batch.returning[n] === true ? 2 : 0)
    }
  }

  figures(): RecordingFigures {
    this.#turn(this.#at + SLOT_SECONDS)
    const turnover = this.#turnover
      .filter(({ slots, docks }) => slots > 0 && docks > 0)
      .map(({ moved, slots, docks }) => moved / ((slots * SLOT_SECONDS) / 86_400) / (docks / slots))
    const m = this.#momentum
    const covariance = m.xy / m.n - (m.x / m.n) * (m.y / m.n)
    const spread = (sum: number, squares: number): number => Math.sqrt(squares / m.n - (sum / m.n) ** 2)
    return {
      snapshots: this.#snapshots,
      stations: this.#index.size,
      bikes: this.#targets.bikes.figures(),
      docks: this.#targets.docks.figures(),
      turnover: quantiles(turnover, [0.25, 0.5, 0.75, 0.95]),
      momentum: covariance / (spread(m.x, m.xx) * spread(m.y, m.yy)),
    }
  }

  /** Ends the snapshot that was being read and begins one at `at`; the slots between are decided now. */
  #turn(at: number): void {
    if (this.#at >= 0) {
      this.#snapshots++
      if (this.#nextSlot < 0) this.#nextSlot = Math.ceil(this.#at / SLOT_SECONDS) * SLOT_SECONDS
      this.#previous = this.#current
      this.#previousAt = this.#at
      for (; this.#nextSlot < at; this.#nextSlot += SLOT_SECONDS) this.#slot(this.#nextSlot)
    }
    this.#at = at
    this.#current = emptyState()
    this.#reported = []
  }

  #slot(slot: number): void {
    const known = slot >= this.#previousAt && slot - this.#previousAt <= STATE_MAX_AGE_SECONDS
    const size = known ? this.#index.size : 0
    const state: SlotState = {
      slot,
      bikes: Int32Array.from({ length: size }, (_, i) => this.#previous.bikes[i] ?? UNKNOWN),
      docks: Int32Array.from({ length: size }, (_, i) => this.#previous.docks[i] ?? UNKNOWN),
      usable: Uint8Array.from({ length: size }, (_, i) => this.#previous.usable[i] ?? 0),
    }
    this.#window.push(state)
    if (this.#window.length > DEPTH) this.#window.shift()
    const middle = this.#window[this.#window.length - 1 - HORIZON_SECONDS / SLOT_SECONDS]
    const before = this.#window[this.#window.length - 2]
    if (before !== undefined) this.#move(before, state)
    if (middle === undefined) return
    const past = this.#window.length === DEPTH ? this.#window[0] : undefined
    if (middle.slot % 600 === 0) this.#score(past, middle, state)
  }

  #move(before: SlotState, now: SlotState): void {
    for (let i = 0; i < before.bikes.length; i++) {
      const [a, b] = [before.bikes[i] ?? UNKNOWN, now.bikes[i] ?? UNKNOWN]
      if (a === UNKNOWN || b === UNKNOWN) continue
      const turnover = (this.#turnover[i] ??= { moved: 0, slots: 0, docks: 0 })
      turnover.moved += Math.abs(b - a)
      turnover.slots++
      turnover.docks += b + (now.docks[i] ?? 0)
    }
  }

  #score(past: SlotState | undefined, now: SlotState, later: SlotState): void {
    const hour = hourOf(this.#local(now.slot))
    for (let i = 0; i < now.bikes.length; i++) {
      const usable = now.usable[i] ?? 0
      for (const target of ['bikes', 'docks'] as const) {
        const [count, next] = [now[target][i] ?? UNKNOWN, later[target][i] ?? UNKNOWN]
        if (count === UNKNOWN || next === UNKNOWN || (usable & (target === 'bikes' ? 1 : 2)) === 0) continue
        const was = past?.[target][i] ?? UNKNOWN
        const trend = was === UNKNOWN ? 0 : count - was
        this.#targets[target].add({ slot: now.slot, station: i, hour, count, next, trend })
        if (target !== 'bikes' || was === UNKNOWN) continue
        const m = this.#momentum
        const change = next - count
        m.n++
        m.x += trend
        m.y += change
        m.xx += trend * trend
        m.yy += change * change
        m.xy += trend * change
      }
    }
  }
}

interface Row {
  readonly slot: number
  readonly station: number
  readonly hour: number
  readonly count: number
  readonly next: number
  readonly trend: number
}

class TargetTally {
  readonly #testFrom: number
  readonly #hours = Array.from({ length: 24 }, () => ({ rows: 0, low: 0, change: 0 }))
  readonly #stations: { rows: number; low: number }[] = []
  readonly #counts = { positive: new Float64Array(2001), negative: new Float64Array(2001) }
  readonly #table = new RiskTable()
  #rows = 0
  #changed = 0
  #change = 0
  #changeOf5 = 0
  #changeOf10 = 0

  constructor(testFrom: number) {
    this.#testFrom = testFrom
  }

  add(row: Row): void {
    const low = row.count <= 2 ? 1 : 0
    const change = Math.abs(row.next - row.count)
    this.#rows++
    this.#changed += change > 0 ? 1 : 0
    this.#change += change
    this.#changeOf5 += change >= 5 ? 1 : 0
    this.#changeOf10 += change >= 10 ? 1 : 0
    const hour = this.#hours[row.hour]
    if (hour !== undefined) {
      hour.rows++
      hour.low += low
      hour.change += change
    }
    const station = (this.#stations[row.station] ??= { rows: 0, low: 0 })
    station.rows++
    station.low += low
    const tally = row.next <= 2 ? this.#counts.positive : this.#counts.negative
    tally[row.count] = (tally[row.count] ?? 0) + 1
    if (row.count > 2) {
      if (row.slot < this.#testFrom) this.#table.learn(row, row.next <= 2)
      else this.#table.score(row, row.next <= 2)
    }
  }

  figures(): TargetFigures {
    const { positive, negative } = this.#counts
    const total = (values: Float64Array, from: number, to: number): number =>
      values.subarray(from, to).reduce((sum, x) => sum + x, 0)
    const lowRows = total(positive, 0, 3) + total(negative, 0, 3)
    const onset = { positive: positive.subarray(3), negative: negative.subarray(3) }
    const onsetPositive = total(positive, 3, 2001)
    const judged = this.#table.judged()
    return {
      rows: this.#rows,
      low: lowRows / this.#rows,
      newly: onsetPositive / (this.#rows - lowRows),
      recovers: total(negative, 0, 3) / lowRows,
      persistence: averagePrecision(positive, negative),
      persistenceOnset: averagePrecision(onset.positive, onset.negative),
      tableOnset: judged.table,
      tablePersistenceOnset: judged.persistence,
      changed: this.#changed / this.#rows,
      meanChange: this.#change / this.#rows,
      changeOf5: this.#changeOf5 / this.#rows,
      changeOf10: this.#changeOf10 / this.#rows,
      lowByHour: this.#hours.map(({ rows, low }) => (rows === 0 ? Number.NaN : low / rows)),
      changeByHour: this.#hours.map(({ rows, change }) => (rows === 0 ? Number.NaN : change / rows)),
      lowOfStations: quantiles(
        this.#stations.map(({ rows, low }) => low / rows),
        [0.5, 0.75, 0.9],
      ),
    }
  }
}

function emptyState(): { bikes: number[]; docks: number[]; usable: number[] } {
  return { bikes: [], docks: [], usable: [] }
}

function quantiles(values: readonly number[], at: readonly number[]): number[] {
  const sorted = values.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b)
  return at.map((q) => {
    const x = q * (sorted.length - 1)
    const low = Math.floor(x)
    const [a, b] = [sorted[low] ?? 0, sorted[Math.min(low + 1, sorted.length - 1)] ?? 0]
    return a + (b - a) * (x - low)
  })
}

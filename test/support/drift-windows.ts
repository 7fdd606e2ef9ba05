import { STATION_STATE_FEATURES } from '../../src/core/contracts/features.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import type { ModelRows } from '../../src/data/features/model-rows.ts'
import type { DriftBaseline } from '../../src/operations/monitoring/drift/baseline-file.ts'
import { compareFeatures } from '../../src/operations/monitoring/drift/compare.ts'
import {
  countRows,
  emptyColumn,
  quantileColumns,
  type Columns,
} from '../../src/operations/monitoring/drift/count-rows.ts'
import { weekHours } from '../../src/operations/monitoring/drift/week-hour.ts'
import type { ColumnBatch, Statement, Warehouse } from '../../src/platform/ports.ts'

/** The greatest PSI of the features over the 24 hours before a time. */
export interface WindowPsi {
  readonly at: EpochSeconds
  readonly psi: number
  readonly feature: string
}

/** Turns a value of a feature as sent into what the shift makes of it. */
export type Shift = (feature: string, value: number) => number

/** A lake's training rows counted as a baseline is, without a model. */
export async function baselineOf(
  warehouse: Warehouse,
  window: ModelRows,
  timezone: string,
): Promise<DriftBaseline> {
  const columns = await quantileColumns(warehouse, window, 500_000)
  const rows = await countRows(warehouse, window, () => columns, weekHours(timezone))
  const { city, target, from, until } = window
  return {
    baseline_version: 1,
    city,
    target,
    group: 'none',
    version: 'none',
    timezone,
    feature_contract: 'v1',
    from,
    until,
    rows,
    columns,
  }
}

/** The rows of a window by the hour, counted into a baseline's bins. */
export async function hoursOf(
  warehouse: Warehouse,
  window: ModelRows,
  baseline: DriftBaseline,
): Promise<ReadonlyMap<EpochSeconds, Columns>> {
  const hours = new Map<EpochSeconds, Columns>()
  const columnsOf = (slot: EpochSeconds): Columns => {
    const hour = Math.floor(slot / HOUR_SECONDS) * HOUR_SECONDS
    let columns = hours.get(hour)
    if (columns === undefined) hours.set(hour, (columns = emptyColumns(baseline)))
    return columns
  }
  await countRows(warehouse, window, columnsOf, weekHours(baseline.timezone))
  return hours
}

/** The greatest PSI of the 24 hours before `at`, as the hourly judgement has it. */
export function windowPsi(
  baseline: DriftBaseline,
  hourAt: (hour: EpochSeconds) => Columns | undefined,
  at: EpochSeconds,
): WindowPsi | undefined {
  const sum = emptyColumns(baseline)
  for (let hour = at - DAY_SECONDS; hour < at; hour += HOUR_SECONDS)
    for (const [name, { histogram }] of hourAt(hour) ?? []) sum.get(name)?.histogram.merge(histogram)
  const { greatest } = compareFeatures(
    baseline,
    new Map([...sum].map(([name, { histogram }]) => [name, histogram])),
  )
  return greatest === undefined ? undefined : { at, psi: greatest.psi ?? 0, feature: greatest.name }
}

/** A warehouse whose features have been through a shift. */
export function shifted(warehouse: Warehouse, shift: Shift): Warehouse {
  return {
    ...warehouse,
    async *stream(statement: Statement): AsyncIterable<ColumnBatch> {
      for await (const batch of warehouse.stream(statement)) {
        const changed = STATION_STATE_FEATURES.flatMap((name) => {
          const values = batch.columns[name]
          return values === undefined
            ? []
            : [[name, Float32Array.from(values as ArrayLike<number>, (value) => shift(name, value))] as const]
        })
        yield { ...batch, columns: { ...batch.columns, ...Object.fromEntries(changed) } }
      }
    },
  }
}

/** Bikes counted in pairs: half as many everywhere. */
export const bikesInPairs: Shift = (feature, value) => (feature.includes('bikes') ? value / 2 : value)

function emptyColumns(baseline: DriftBaseline): Columns {
  return new Map([...baseline.columns].map(([name, { edges }]) => [name, emptyColumn(edges)]))
}

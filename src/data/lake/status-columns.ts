import type { StationStatus } from '../../core/contracts/station.ts'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Column, ColumnBatch, SqlValue } from '../../platform/ports.ts'

/** The curated content of one snapshot: its stations ordered by `station_id`. */
export interface CuratedSnapshot {
  readonly last_updated: EpochSeconds
  readonly stations: readonly StationStatus[]
}

type Value = string | number | boolean | null

/** Snapshots, in order of `last_updated`, as the columns of `station_status`. */
export function statusColumns(snapshots: readonly CuratedSnapshot[]): Column[] {
  let rows = 0
  for (const { stations } of snapshots) rows += stations.length
  return TABLE_SCHEMAS.station_status.map(({ name, type }) => {
    const values = Array.from<Value>({ length: rows })
    let row = 0
    for (const { last_updated, stations } of snapshots) {
      if (name === 'last_updated') values.fill(last_updated, row, (row += stations.length))
      else for (const station of stations) values[row++] = station[name as keyof StationStatus]
    }
    return { name, type, values }
  })
}

/** Column batches of `station_status`, ordered by `last_updated`, as snapshots; one at a time in memory. */
export async function* snapshotsOf(batches: AsyncIterable<ColumnBatch>): AsyncIterable<CuratedSnapshot> {
  let current: { last_updated: EpochSeconds; stations: StationStatus[] } | undefined
  for await (const batch of batches) {
    const columns = STATUS_NAMES.map((name) => batch.columns[name] ?? [])
    for (let row = 0; row < batch.rows; row++) {
      const last_updated = Number(columns[0]?.[row])
      if (current?.last_updated !== last_updated) {
        if (current) yield inOrder(current)
        current = { last_updated, stations: [] }
      }
      current.stations.push(stationAt(columns, row))
    }
  }
  if (current) yield inOrder(current)
}

// SQL orders text by its bytes, JavaScript by UTF-16 units: they differ for a few ids that no sane feed has.
function inOrder(snapshot: { last_updated: EpochSeconds; stations: StationStatus[] }): CuratedSnapshot {
  snapshot.stations.sort((a, b) => (a.station_id < b.station_id ? -1 : a.station_id > b.station_id ? 1 : 0))
  return snapshot
}

const STATUS_NAMES = TABLE_SCHEMAS.station_status.map(({ name }) => name)

function stationAt(columns: readonly ArrayLike<SqlValue>[], row: number): StationStatus {
  const count = (index: number): number | null => {
    const value = columns[index]?.[row] ?? null
    return value === null ? null : Number(value)
  }
  return {
    station_id: String(columns[1]?.[row]),
    num_bikes_available: Number(columns[2]?.[row]),
    num_docks_available: Number(columns[3]?.[row]),
    num_bikes_disabled: count(4),
    num_docks_disabled: count(5),
    num_ebikes_available: count(6),
    is_installed: columns[7]?.[row] === true,
    is_renting: columns[8]?.[row] === true,
    is_returning: columns[9]?.[row] === true,
    last_reported: Number(columns[10]?.[row]),
  }
}

/** The content of a snapshot as text, equal exactly when the curated rows are equal. */
export function contentText(stations: readonly StationStatus[]): string {
  return JSON.stringify(
    stations.map((s) => [
      s.station_id,
      s.num_bikes_available,
      s.num_docks_available,
      s.num_bikes_disabled,
      s.num_docks_disabled,
      s.num_ebikes_available,
      s.is_installed,
      s.is_renting,
      s.is_returning,
      s.last_reported,
    ]),
  )
}

/** True when both hold the same curated rows. */
export function sameStations(a: readonly StationStatus[], b: readonly StationStatus[]): boolean {
  return (
    a.length === b.length &&
    a.every((left, i) => {
      const right = b[i]
      return (
        right !== undefined &&
        left.station_id === right.station_id &&
        left.num_bikes_available === right.num_bikes_available &&
        left.num_docks_available === right.num_docks_available &&
        left.num_bikes_disabled === right.num_bikes_disabled &&
        left.num_docks_disabled === right.num_docks_disabled &&
        left.num_ebikes_available === right.num_ebikes_available &&
        left.is_installed === right.is_installed &&
        left.is_renting === right.is_renting &&
        left.is_returning === right.is_returning &&
        left.last_reported === right.last_reported
      )
    })
  )
}

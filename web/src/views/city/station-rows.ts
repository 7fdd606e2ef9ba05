import type { State, StationCondition, Stations } from '../../../../src/core/contracts/api/city.ts'
import type { Target } from '../../../../src/core/contracts/features.ts'
import type { StationFilter, ViewState } from '../../state/parts.ts'
import { foldName, matchesName } from '../../ui/match-name.ts'
import { fillLevel, passesFilter, riskClass, stationNow, type RiskClass } from './station-risk.ts'

/** One station as map and table show it. */
export interface StationRow {
  readonly id: string
  readonly name: string
  readonly lat: number
  readonly lon: number
  readonly capacity: number | null
  readonly bikes: number | null
  readonly docks: number | null
  readonly condition: StationCondition
  readonly risk: RiskClass
  readonly level: number
  readonly score: number | null
}

/** Columns put together to rows. Both are of the same version, so that an index means the same station in each. */
export function stationRows(
  stations: Stations,
  state: State,
  target: Target,
  when: ViewState['when'],
): StationRow[] {
  return stations.station_id.map((id, index): StationRow => {
    const capacity = stations.capacity[index] ?? null
    const now = stationNow(state, index, target, capacity)
    return {
      id,
      name: stations.name[index] ?? id,
      lat: stations.lat[index] ?? 0,
      lon: stations.lon[index] ?? 0,
      capacity,
      bikes: state.bikes[index] ?? null,
      docks: state.docks[index] ?? null,
      condition: now.condition,
      risk: riskClass(now, target, when),
      level: fillLevel(now, when),
      score: now.score,
    }
  })
}

/** Rows that the filter and what was typed let through. */
export function filterRows(
  rows: readonly StationRow[],
  filter: StationFilter,
  search: string,
): readonly StationRow[] {
  const typed = foldName(search)
  if (filter === 'all' && typed === '') return rows
  return rows.filter(
    (row) =>
      passesFilter(filter, row.risk, row.bikes, row.docks, row.condition) &&
      (typed === '' || matchesName(foldName(row.name), typed)),
  )
}

/** How many rows there are of each class. */
export function countByRisk(rows: readonly StationRow[]): Readonly<Record<RiskClass, number>> {
  const counts = { unknown: 0, ok: 0, closed: 0, out: 0, risk: 0 }
  for (const { risk } of rows) counts[risk] += 1
  return counts
}

import { useMemo } from 'react'
import { useCitySnapshot, type CitySnapshot } from '../../api/use-city-snapshot.ts'
import type { ApiResult } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { filterRows, stationRows, type StationRow } from './station-rows.ts'

export interface ShownStations {
  readonly query: ApiResult<'state'>
  readonly snapshot: CitySnapshot | undefined
  /** All stations, and those that filter and search let through. */
  readonly rows: readonly StationRow[]
  readonly shown: readonly StationRow[]
}

const NONE: readonly StationRow[] = []

/** The stations of the view: what the map draws and the table lists. */
export function useStationRows(): ShownStations {
  const [{ target, when, filter, search }] = useViewState()
  const { snapshot, query } = useCitySnapshot()
  const rows = useMemo(
    () => (snapshot === undefined ? NONE : stationRows(snapshot.stations, snapshot.state, target, when)),
    [snapshot, target, when],
  )
  const shown = useMemo(() => filterRows(rows, filter, search), [rows, filter, search])
  return { query, snapshot, rows, shown }
}

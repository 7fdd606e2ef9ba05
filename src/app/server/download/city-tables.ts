import type { AtRisk, State, Stations, Top } from '../../../core/contracts/api/city.ts'
import type { StationView } from '../../../core/contracts/api/station.ts'
import { columnsOf, type ColumnOf, type TableColumn } from './table.ts'

/** One row is a station at the moment of the view. */
export function stateTable(state: State, stations: Stations): TableColumn[] {
  const rows = stations.station_id.map((id, i) => ({ id, i }))
  const { bikes, docks } = state.predicted
  const at = state.as_of.at
  return columnsOf(rows, [
    { name: 'at', kind: 'time', value: () => at },
    { name: 'station_id', kind: 'text', value: ({ id }) => id },
    { name: 'name', kind: 'text', value: ({ i }) => stations.name[i] ?? null },
    { name: 'lat', kind: 'number', unit: 'degrees', value: ({ i }) => stations.lat[i] ?? null },
    { name: 'lon', kind: 'number', unit: 'degrees', value: ({ i }) => stations.lon[i] ?? null },
    { name: 'capacity', kind: 'whole', unit: 'docks', value: ({ i }) => stations.capacity[i] ?? null },
    { name: 'bikes', kind: 'whole', value: ({ i }) => state.bikes[i] ?? null },
    { name: 'docks', kind: 'whole', value: ({ i }) => state.docks[i] ?? null },
    { name: 'condition', kind: 'text', value: ({ i }) => state.condition[i] ?? null },
    { name: 'score_bikes', kind: 'number', value: ({ i }) => bikes?.score[i] ?? null },
    { name: 'stockout_bikes', kind: 'truth', value: ({ i }) => bikes?.stockout[i] ?? null },
    { name: 'onset_bikes', kind: 'truth', value: ({ i }) => bikes?.onset[i] ?? null },
    { name: 'score_docks', kind: 'number', value: ({ i }) => docks?.score[i] ?? null },
    { name: 'stockout_docks', kind: 'truth', value: ({ i }) => docks?.stockout[i] ?? null },
    { name: 'onset_docks', kind: 'truth', value: ({ i }) => docks?.onset[i] ?? null },
  ])
}

/** One row is a station of one of the two lists. */
export function topTable(top: Top): TableColumn[] {
  const rows = [
    ...top.onsets.map((row) => ({ ...row, list: 'onset' })),
    ...top.empty.map((row) => ({ ...row, list: 'empty' })),
  ]
  const of = (kind: ColumnOf<AtRisk>['kind'], name: keyof AtRisk, unit?: string): ColumnOf<AtRisk> => ({
    name,
    kind,
    ...(unit === undefined ? {} : { unit }),
    value: (row) => row[name],
  })
  return columnsOf(rows, [
    { name: 'at', kind: 'time', value: () => top.as_of.at },
    { name: 'target', kind: 'text', value: () => top.target },
    { name: 'list', kind: 'text', value: ({ list }) => list },
    of('text', 'station_id'),
    of('text', 'name'),
    of('number', 'lat', 'degrees'),
    of('number', 'lon', 'degrees'),
    of('whole', 'capacity', 'docks'),
    of('whole', 'count_now'),
    of('whole', 'count_hour_ago'),
    of('number', 'score'),
    of('number', 'chance'),
    of('whole', 'chance_samples'),
    of('whole', 'lead_seconds', 's'),
    of('time', 'since'),
    of('number', 'expected_shortage', 'rides'),
    of('text', 'variant'),
    of('text', 'model_version'),
  ])
}

/** One row is a slot of five minutes of the last 24 hours. */
export function stationTable(view: StationView): TableColumn[] {
  const said = (target: 'bikes' | 'docks') => new Map(view.past[target].map((one) => [one.slot, one]))
  const bikes = said('bikes')
  const docks = said('docks')
  return columnsOf(view.history, [
    { name: 'station_id', kind: 'text', value: () => view.station_id },
    { name: 'name', kind: 'text', value: () => view.name },
    { name: 'slot', kind: 'time', value: ({ slot }) => slot },
    { name: 'bikes', kind: 'whole', value: (row) => row.bikes },
    { name: 'docks', kind: 'whole', value: (row) => row.docks },
    { name: 'score_bikes', kind: 'number', value: ({ slot }) => bikes.get(slot)?.score ?? null },
    { name: 'happened_bikes', kind: 'truth', value: ({ slot }) => bikes.get(slot)?.happened ?? null },
    { name: 'score_docks', kind: 'number', value: ({ slot }) => docks.get(slot)?.score ?? null },
    { name: 'happened_docks', kind: 'truth', value: ({ slot }) => docks.get(slot)?.happened ?? null },
  ])
}

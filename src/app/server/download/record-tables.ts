import type { Chart } from '../../../core/contracts/api/common.ts'
import type { PlanListed } from '../../../core/contracts/api/plans.ts'
import type { HistoryEntry } from '../../../core/contracts/history.ts'
import type { Plan } from '../../../core/contracts/plan.ts'
import { columnsOf, type TableColumn } from './table.ts'

/** One row is a point of a line of a chart. */
export function chartsTable(charts: readonly Chart[]): TableColumn[] {
  const rows = charts.flatMap((chart) =>
    chart.series.flatMap((series) => series.points.map(([at, value]) => ({ chart, series, at, value }))),
  )
  return columnsOf(rows, [
    { name: 'chart', kind: 'text', value: ({ chart }) => chart.id },
    { name: 'series', kind: 'text', value: ({ series }) => series.name },
    { name: 'of', kind: 'text', value: ({ series }) => series.of },
    { name: 'unit', kind: 'text', value: ({ series }) => series.unit },
    { name: 'period', kind: 'whole', unit: 's', value: ({ series }) => series.period },
    { name: 'at', kind: 'time', value: ({ at }) => at },
    { name: 'value', kind: 'number', value: ({ value }) => value },
  ])
}

/** One row is a change of what an endpoint serves. */
export function historyTable(history: readonly HistoryEntry[]): TableColumn[] {
  const versions = (served: HistoryEntry['to']): string | null =>
    served && served.variants.map((v) => `${v.model_version} x ${v.weight}`).join('; ')
  return columnsOf(history, [
    { name: 'seq', kind: 'whole', value: ({ seq }) => seq },
    { name: 'at', kind: 'time', value: ({ at }) => at },
    { name: 'endpoint', kind: 'text', value: ({ endpoint }) => endpoint },
    { name: 'action', kind: 'text', value: ({ action }) => action },
    { name: 'by', kind: 'text', value: ({ by }) => by },
    { name: 'why', kind: 'text', value: ({ why }) => why },
    { name: 'from', kind: 'text', value: ({ from }) => versions(from) },
    { name: 'to', kind: 'text', value: ({ to }) => versions(to) },
    { name: 'hash', kind: 'text', value: ({ hash }) => hash },
  ])
}

/** One row is a plan. */
export function plansTable(plans: readonly PlanListed[]): TableColumn[] {
  return columnsOf(plans, [
    { name: 'id', kind: 'text', value: ({ id }) => id },
    { name: 'made_at', kind: 'time', value: (plan) => plan.made_at },
    { name: 'at', kind: 'time', value: ({ at }) => at },
    { name: 'horizon_ends_at', kind: 'time', value: (plan) => plan.horizon_ends_at },
    { name: 'state', kind: 'text', value: ({ state }) => state },
    { name: 'trucks', kind: 'whole', value: ({ trucks }) => trucks },
    { name: 'stops', kind: 'whole', value: ({ stops }) => stops },
    { name: 'bikes', kind: 'whole', value: ({ bikes }) => bikes },
    { name: 'lost_without', kind: 'number', unit: 'rides', value: (plan) => plan.objective.lost_without },
    { name: 'lost_with', kind: 'number', unit: 'rides', value: (plan) => plan.objective.lost_with },
    { name: 'avoided', kind: 'number', unit: 'rides', value: (plan) => plan.objective.avoided },
    { name: 'greedy_avoided', kind: 'number', unit: 'rides', value: (plan) => plan.greedy_objective.avoided },
    { name: 'gap', kind: 'number', value: ({ solver }) => solver.gap },
    {
      name: 'replayed_avoided',
      kind: 'number',
      unit: 'rides',
      value: ({ score }) => score?.observed?.replayed_avoided?.mean ?? null,
    },
    {
      name: 'simulated_avoided',
      kind: 'number',
      unit: 'rides',
      value: ({ score }) => score?.simulated?.avoided.mean ?? null,
    },
  ])
}

/** One row is a stop of a truck. */
export function planTable(plan: Plan): TableColumn[] {
  const rows = plan.routes.flatMap((route) => route.stops.map((stop, i) => ({ route, stop, order: i + 1 })))
  return columnsOf(rows, [
    { name: 'plan', kind: 'text', value: () => plan.id },
    { name: 'truck', kind: 'whole', value: ({ route }) => route.truck },
    { name: 'crew', kind: 'text', value: ({ route }) => route.crew },
    { name: 'stop', kind: 'whole', value: ({ order }) => order },
    { name: 'station_id', kind: 'text', value: ({ stop }) => stop.station_id },
    { name: 'name', kind: 'text', value: ({ stop }) => stop.name },
    { name: 'lat', kind: 'number', unit: 'degrees', value: ({ stop }) => stop.lat },
    { name: 'lon', kind: 'number', unit: 'degrees', value: ({ stop }) => stop.lon },
    { name: 'action', kind: 'text', value: ({ stop }) => stop.action },
    { name: 'bikes', kind: 'whole', value: ({ stop }) => stop.bikes },
    { name: 'arrives_at', kind: 'time', value: ({ stop }) => stop.arrives_at },
    { name: 'leaves_at', kind: 'time', value: ({ stop }) => stop.leaves_at },
    { name: 'km', kind: 'number', unit: 'km', value: ({ stop }) => stop.km },
    { name: 'load_after', kind: 'whole', unit: 'bikes', value: ({ stop }) => stop.load_after },
    { name: 'station_bikes', kind: 'whole', value: ({ stop }) => stop.station_bikes },
    { name: 'station_docks', kind: 'whole', value: ({ stop }) => stop.station_docks },
    { name: 'lost_without', kind: 'number', unit: 'rides', value: ({ stop }) => stop.lost_without },
    { name: 'lost_with', kind: 'number', unit: 'rides', value: ({ stop }) => stop.lost_with },
  ])
}

import { useMemo, type ReactElement } from 'react'
import type { Chart } from '../../../src/core/contracts/api/common.ts'
import { uiTexts } from '../text/ui.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { seriesLabel } from './chart-points.ts'
import { DataTable, type Column } from './data-table.tsx'

interface Row {
  readonly at: number
  readonly values: ReadonlyMap<number, number | null>
}

/** The figures of a chart, newest first. */
export function ChartTable({ chart }: { readonly chart: Chart }): ReactElement {
  const t = useText(uiTexts)
  const format = useFormat()
  const rows = useMemo(() => rowsOf(chart), [chart])
  const columns: Column<Row>[] = [
    {
      key: 'time',
      header: t('time', { zone: format.zone(chart.to) }),
      rowHeader: true,
      cell: ({ at }) => format.dateTime(at),
      sortValue: ({ at }) => at,
    },
    ...chart.series.map((series, index): Column<Row> => ({
      key: `line${index}`,
      header: <bdi>{seriesLabel(series)}</bdi>,
      numeric: true,
      cell: ({ values }) => format.unit(values.get(index), chart.unit),
      sortValue: ({ values }) => values.get(index),
    })),
  ]
  return (
    <DataTable
      caption={chart.series.map(seriesLabel).join(', ')}
      hideCaption
      rows={rows}
      columns={columns}
      rowKey={({ at }) => String(at)}
      pageSize={24}
    />
  )
}

function rowsOf({ series }: Chart): Row[] {
  const rows = new Map<number, Map<number, number | null>>()
  for (const [index, { points }] of series.entries())
    for (const [at, value] of points) {
      const row = rows.get(at) ?? new Map<number, number | null>()
      rows.set(at, row.set(index, value))
    }
  return [...rows].sort(([a], [b]) => b - a).map(([at, values]) => ({ at, values }))
}

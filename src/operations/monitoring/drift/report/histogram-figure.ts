import { axisStyle, heading, legend, renderChart } from '../../../../model/evaluation/report/chart.ts'
import { light } from '../../../../model/evaluation/report/palette.ts'
import { figureText, shareText } from '../../../../model/evaluation/report/text.ts'
import type { ColumnDrift } from '../drift-file.ts'

const TRAINING = 'training rows of these hours'
const WINDOW = 'the 24 hours'

/** A column's histogram: the share of each bin in the window, beside the training rows of the same hours of the week. */
export function histogramSvg(column: ColumnDrift, id: string): string {
  const bins = binNames(column.edges)
  const shares = (values: readonly number[] | null): number[] => bins.map((_, i) => values?.[i] ?? 0)
  const subtext = column.psi === null ? `no PSI: ${column.reason ?? ''}` : `PSI ${figureText(column.psi)}`
  return renderChart({
    id,
    title: `${column.name}: ${subtext}`,
    description: bins
      .map(
        (bin, i) =>
          `${bin}: ${shareText(column.expected?.[i])} expected, ${shareText(column.actual?.[i])} came.`,
      )
      .join(' '),
    width: 460,
    height: 300,
    option: {
      title: heading(column.name, subtext, 14, 8),
      legend: legend([TRAINING, WINDOW]),
      grid: { left: 48, right: 12, top: 56, bottom: 84 },
      xAxis: {
        type: 'category',
        data: bins,
        ...axisStyle(),
        axisLabel: { color: light('quiet'), fontSize: 11, rotate: 45, interval: 0 },
      },
      yAxis: { type: 'value', min: 0, ...axisStyle() },
      series: [
        bars(TRAINING, shares(column.expected), 'persistence'),
        bars(WINDOW, shares(column.actual), 'model'),
      ],
    },
  })
}

function bars(name: string, data: readonly number[], colour: 'model' | 'persistence'): object {
  return { type: 'bar', name, data, barGap: '5%', silent: true, itemStyle: { color: light(colour) } }
}

function binNames(edges: readonly number[]): string[] {
  const [last] = edges.slice(-1)
  const text = (edge: number): string => String(Number(edge.toPrecision(3)))
  if (last === undefined) return ['known', 'missing']
  return [...edges.map((edge) => `≤ ${text(edge)}`), `> ${text(last)}`, 'missing']
}

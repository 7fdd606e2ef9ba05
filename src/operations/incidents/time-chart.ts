import type { EpochSeconds } from '../../core/time.ts'
import { axisStyle, legend, renderChart } from '../../model/evaluation/report/chart.ts'
import { light, type Colour } from '../../model/evaluation/report/palette.ts'
import type { Datapoint } from '../metrics/series.ts'
import type { Figure } from '../reports/charts.ts'
import type { Span } from './series.ts'
import { hasLonely, onGrid, partsOf, roundUp, stepOf, timeLabel, type Grid } from './time-grid.ts'

/** One line or set of bars; a period without a point is a gap. */
export interface TimeSeries {
  readonly name: string
  readonly colour: Colour
  readonly points: readonly Datapoint[]
  readonly dashed?: boolean
}

/** A chart over a span of time in UTC. */
export interface TimeChart {
  readonly id: string
  readonly title: string
  /** Window and sample size, in words. */
  readonly caption: string
  readonly unit: string
  readonly span: Span
  /** Seconds between two points. */
  readonly period: number
  readonly kind: 'line' | 'bar'
  readonly series: readonly TimeSeries[]
  /** What the values are held to. */
  readonly bounds?: readonly { readonly name: string; readonly value: number }[]
  /** When it began, was opened, was closed. */
  readonly marks: readonly EpochSeconds[]
  readonly max?: number
}

/** Narrow enough for a telephone, two beside each other on a desk. */
const WIDTH = 380
const HEIGHT = 270
/** Height of a row of the legend. */
const LEGEND_ROW = 28
/** Between two names, either way. */
const LEGEND_GAP = 16
/** Draws a chart; its drawing is null when not one value is known. */
export function timeFigure(chart: TimeChart): Figure {
  const { id, title, caption, unit, span, kind, series, bounds = [], marks } = chart
  const grids = series.map(({ points }) => onGrid(points, span, chart.period))
  const known = grids.flatMap((grid) => grid.flatMap(([, v]) => (v === null ? [] : [v])))
  if (known.length === 0) return { title, caption, svg: null }
  const most = Math.max(...known, ...bounds.map(({ value }) => value))
  const max = chart.max ?? roundUp(most)
  const step = stepOf(span)
  const names = [...series, ...bounds].map(({ name }) => name)
  const below = (legendRows(names) - 1) * LEGEND_ROW
  const svg = renderChart({
    id,
    title,
    description: `${caption} ${series.map((one, i) => describe(one, grids[i] ?? [])).join(' ')}`,
    width: WIDTH,
    height: HEIGHT + below,
    option: {
      legend: { ...legend(names, kind === 'line'), itemGap: LEGEND_GAP },
      grid: { left: 54, right: 14, top: 30, bottom: 66 + below },
      xAxis: {
        ...axisStyle(),
        type: 'value',
        min: span.from,
        max: span.to,
        interval: step,
        splitLine: { show: false },
        axisLabel: { color: light('quiet'), fontSize: 12, formatter: (t: number) => timeLabel(t, step) },
      },
      yAxis: {
        ...axisStyle(),
        type: 'value',
        min: 0,
        max,
        name: unit,
        nameLocation: 'end',
        nameGap: 10,
        interval: max / partsOf(max),
        nameTextStyle: { color: light('quiet'), fontSize: 13, align: 'left', padding: [0, 0, 0, -46] },
        axisLabel: { color: light('quiet'), fontSize: 12 },
      },
      series: [
        ...series.map((one, i) => draw(one, grids[i] ?? [], kind)),
        ...bounds.map(({ name, value }) => rule(name, 'quiet', [4, 4], [span.from, value], [span.to, value])),
        ...marks
          .filter((at) => at > span.from && at < span.to)
          .map((at) => rule('', 'ink', [2, 3], [at, 0], [at, max])),
      ],
    },
  })
  return { title, caption, svg }
}

function draw({ name, colour, dashed }: TimeSeries, grid: Grid, kind: TimeChart['kind']): object {
  const itemStyle = { color: light(colour) }
  if (kind === 'bar') return { type: 'bar', name, data: grid, silent: true, barMinWidth: 1, itemStyle }
  return {
    type: 'line',
    name,
    data: grid,
    connectNulls: false,
    showSymbol: hasLonely(grid),
    symbol: 'circle',
    symbolSize: 4,
    silent: true,
    itemStyle,
    lineStyle: { color: light(colour), width: 2, type: dashed ? [6, 4] : 'solid' },
  }
}

function rule(name: string, colour: Colour, type: readonly number[], ...data: readonly number[][]): object {
  return {
    type: 'line',
    name,
    data,
    showSymbol: false,
    symbol: 'none',
    silent: true,
    itemStyle: { color: light(colour) },
    lineStyle: { color: light(colour), width: 1, type },
  }
}

/** Rows that the names of the legend take, by about how wide they are. */
function legendRows(names: readonly string[]): number {
  let [rows, used] = [1, 0]
  for (const name of names) {
    const width = 46 + LEGEND_GAP + 7 * name.length
    if (used > 0 && used + width > WIDTH) {
      rows++
      used = 0
    }
    used += width
  }
  return rows
}

function describe({ name }: TimeSeries, grid: Grid): string {
  const known = grid.flatMap(([, v]) => (v === null ? [] : [v]))
  if (known.length === 0) return `${name}: nothing known.`
  const gaps = grid.length - known.length
  const range = `${short(Math.min(...known))} to ${short(Math.max(...known))}`
  return `${name}: ${range}${gaps === 0 ? '' : `, ${gaps} of ${grid.length} points missing`}.`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))

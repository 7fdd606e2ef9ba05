import { axisStyle, legend, renderChart } from '../../model/evaluation/report/chart.ts'
import { light, type Colour } from '../../model/evaluation/report/palette.ts'

/** A figure of the page: its drawing, and what is said below it. */
export interface Figure {
  readonly title: string
  /** Window and sample size, in words. */
  readonly caption: string
  /** Null when not one value is known. */
  readonly svg: string | null
}

/** One line or set of bars. A null is a gap, and drawn as one. */
export interface Series {
  readonly name: string
  readonly colour: Colour
  readonly values: readonly (number | null)[]
  readonly dashed?: boolean
  /** A line to compare with, which says nothing by itself. */
  readonly bound?: boolean
}

interface ChartInput {
  readonly id: string
  readonly title: string
  readonly caption: string
  /** Wall times along the day, one for each value. */
  readonly labels: readonly string[]
  readonly unit: string
  readonly series: readonly Series[]
  readonly max?: number
}

/** Narrow enough for a telephone, two beside each other on a desk. */
const WIDTH = 440
const HEIGHT = 270

/** Lines over the day. */
export const lineFigure = (input: ChartInput): Figure =>
  figure(input, ({ name, colour, values, dashed }) => ({
    type: 'line',
    name,
    data: values,
    connectNulls: false,
    showSymbol: lonely(values),
    symbol: 'circle',
    symbolSize: 4,
    silent: true,
    itemStyle: { color: light(colour) },
    lineStyle: { color: light(colour), width: 2, type: dashed ? [6, 4] : 'solid' },
  }))

/** Bars over the day, side by side. */
export const barFigure = (input: ChartInput): Figure =>
  figure(input, ({ name, colour, values }) => ({
    type: 'bar',
    name,
    data: values,
    silent: true,
    barGap: '0%',
    barCategoryGap: '20%',
    itemStyle: { color: light(colour) },
  }))

function figure(input: ChartInput, draw: (series: Series) => object): Figure {
  const { id, title, caption, labels, unit, series, max } = input
  if (series.every(({ values, bound }) => bound || values.every((value) => value === null)))
    return { title, caption, svg: null }
  const svg = renderChart({
    id,
    title,
    description: `${caption} ${series.map(describe).join(' ')}`,
    width: WIDTH,
    height: HEIGHT,
    option: {
      legend: legend(series.map(({ name }) => name)),
      grid: { left: 52, right: 12, top: 30, bottom: 62 },
      xAxis: {
        type: 'category',
        data: labels,
        ...axisStyle(),
        axisLabel: {
          color: light('quiet'),
          fontSize: 13,
          interval: (index: number): boolean => isThirdHour(labels, index),
        },
      },
      yAxis: {
        type: 'value',
        min: 0,
        ...(max !== undefined && { max }),
        name: unit,
        nameLocation: 'end',
        nameGap: 10,
        splitNumber: 4,
        ...axisStyle(),
        nameTextStyle: { color: light('quiet'), fontSize: 13, align: 'left', padding: [0, 0, 0, -46] },
        axisLabel: { color: light('quiet'), fontSize: 13 },
      },
      series: series.map(draw),
    },
  })
  return { title, caption, svg }
}

/** Every fourth whole hour; at a change of the clock an hour may come twice or not at all. */
function isThirdHour(labels: readonly string[], index: number): boolean {
  const match = /^(\d\d):00$/.exec(labels[index] ?? '')
  return match !== null && Number(match[1]) % 4 === 0
}

/** Points between gaps have no line: they need a dot to be seen. */
function lonely(values: readonly (number | null)[]): boolean {
  return values.some(
    (value, i) => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null,
  )
}

function describe({ name, values }: Series): string {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return `${name}: nothing known.`
  const gaps = values.length - known.length
  const span = `${short(Math.min(...known))} to ${short(Math.max(...known))}`
  return `${name}: ${span}${gaps === 0 ? '' : `, ${gaps} of ${values.length} points missing`}.`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))

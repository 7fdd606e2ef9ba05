import type { EChartsCoreOption } from 'echarts/core'
import type { Bound, Chart, Point } from '../../../src/core/contracts/api/common.ts'
import type { Format } from '../text/format.ts'
import { extremes, isAlone, seriesLabel, withGaps } from './chart-points.ts'
import type { Palette } from './palette.ts'
import { timeTicks } from './time-ticks.ts'

export const DASHES: readonly (readonly number[] | 'solid')[] = [
  'solid',
  [6, 3],
  [2, 3],
  [8, 3, 2, 3],
  [12, 4],
  [4, 2],
]

export interface ChartLook {
  readonly palette: Palette
  readonly format: Format
  readonly timezone: string
  readonly reducedMotion: boolean
  /** Width of the drawing in pixels. */
  readonly width: number
}

export function boundColour(kind: Bound['kind'], palette: Palette): string {
  if (kind === 'crit') return palette.crit
  return kind === 'warn'
    ? palette.warn
    : kind === 'gate'
      ? (palette.series[4] ?? palette.muted)
      : palette.good
}

/** What ECharts draws for a chart of the API: lines with their gaps, bounds, and the band of the expected. */
export function chartOption(chart: Chart, look: ChartLook): EChartsCoreOption {
  const { palette, format } = look
  const lines = chart.series.map((series, index) => {
    const points = withGaps(series.points, series.period)
    const colour = palette.series[index % palette.series.length]
    return {
      type: 'line',
      name: seriesLabel(series),
      data: points,
      connectNulls: false,
      showSymbol: true,
      symbol: 'circle',
      symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (isAlone(points, dataIndex) ? 5 : 0),
      itemStyle: { color: colour },
      lineStyle: { color: colour, width: 2, type: DASHES[index % DASHES.length] },
      ...(index === 0 ? { markLine: boundLines(chart, look) } : {}),
    }
  })
  return {
    ...frame(chart.from, chart.to, look),
    yAxis: {
      ...valueAxis(look),
      ...range(chart),
      axisLabel: { color: palette.muted, formatter: (value: number) => format.unit(value, chart.unit) },
    },
    tooltip: { ...tooltip(look), formatter: tooltipText(chart, format) },
    series: [...band(chart, look), ...lines],
  }
}

/** Time axis in the city's zone, grid, and motion: what every drawing over time shares. */
export function frame(from: number, to: number, look: ChartLook): Record<string, unknown> {
  const { palette, format, timezone } = look
  const ticks = timeTicks(from, to, timezone, Math.max(2, Math.floor(look.width / 75)))
  const at = ticks.map((tick) => tick.at)
  const midnights = new Set(ticks.filter(({ midnight }) => midnight).map((tick) => tick.at))
  return {
    animation: !look.reducedMotion,
    animationDuration: 200,
    grid: {
      left: 8,
      right: 14,
      top: 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    xAxis: {
      type: 'value',
      min: from,
      max: to,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: true, customValues: at, lineStyle: { color: palette.line } },
      splitLine: { show: false },
      axisPointer: { label: { show: false } },
      axisLabel: {
        color: palette.muted,
        customValues: at,
        hideOverlap: true,
        formatter: (value: number) => (midnights.has(value) ? format.date(value) : format.time(value)),
      },
    },
  }
}

export function valueAxis({ palette }: ChartLook): Record<string, unknown> {
  return {
    type: 'value',
    splitNumber: 4,
    axisLine: { show: false },
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.muted },
  }
}

/** A tooltip drawn on the canvas: markup in a name stays text, and no style is set that the policy of the page forbids. */
export function tooltip({ palette }: ChartLook): Record<string, unknown> {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontSize: 12 },
    axisPointer: { type: 'line', lineStyle: { color: palette.muted } },
  }
}

function range({
  series,
  bounds,
  band: expected,
}: Chart): { min: number; max: number; scale: boolean } | { scale: boolean } {
  const all: Point[] = [
    ...series.flatMap(({ points }) => points),
    ...(expected === null ? [] : [...expected.lower, ...expected.upper]),
    ...bounds.map(({ value }): Point => [0, value]),
  ]
  const found = extremes(all)
  if (found === undefined) return { scale: true }
  const room = (found.high - found.low || Math.abs(found.high) || 1) * 0.08
  const low = found.low >= 0 ? Math.max(0, found.low - room) : found.low - room
  return { min: round(low, room), max: round(found.high + room, room), scale: true }
}

/** Rounded to the decimal below `room`, so that the axis ends on a short number. */
function round(value: number, room: number): number {
  const unit = 10 ** Math.floor(Math.log10(room))
  return Number((Math.round(value / unit) * unit).toPrecision(12))
}

function boundLines({ bounds, unit }: Chart, { palette, format }: ChartLook): Record<string, unknown> {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    data: bounds.map((bound) => ({
      yAxis: bound.value,
      lineStyle: { color: boundColour(bound.kind, palette), type: 'dashed', width: 1.5 },
      label: {
        position: 'insideEndTop',
        color: boundColour(bound.kind, palette),
        fontSize: 11,
        formatter: () => `${bound.breach === 'above' ? '▲' : '▼'} ${format.unit(bound.value, unit)}`,
      },
    })),
  }
}

function band({ band: expected, series }: Chart, { palette }: ChartLook): Record<string, unknown>[] {
  if (expected === null) return []
  const period = series[0]?.period ?? 3600
  const upper = new Map(expected.upper)
  const common = {
    type: 'line',
    stack: 'band',
    stackStrategy: 'all',
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  }
  const lower = withGaps(expected.lower, period)
  return [
    { ...common, name: 'band-low', data: lower },
    {
      ...common,
      name: 'band-high',
      data: lower.map(([at, low]) => {
        const high = upper.get(at) ?? null
        return [at, low === null || high === null ? null : high - low]
      }),
      areaStyle: { color: palette.band, opacity: 1 },
    },
  ]
}

interface TooltipItem {
  readonly seriesName?: string
  readonly value?: readonly [number, number | null]
}

function tooltipText(chart: Chart, format: Format): (items: readonly TooltipItem[]) => string {
  const named = new Set(chart.series.map(seriesLabel))
  return (items) => {
    const shown = items.filter(({ seriesName }) => seriesName !== undefined && named.has(seriesName))
    const at = shown[0]?.value?.[0]
    const lines = shown.map(
      ({ seriesName, value }) => `${seriesName}: ${format.unit(value?.[1], chart.unit)}`,
    )
    return [`${format.dateTime(at)} ${format.zone(at)}`, ...lines].join('\n')
  }
}

import type { EChartsCoreOption } from 'echarts/core'
import type { PastPrediction, StationView } from '../../../../src/core/contracts/api/station.ts'
import { STOCKOUT_AT_MOST, type Target } from '../../../../src/core/contracts/features.ts'
import { frame, tooltip, valueAxis, type ChartLook } from '../../ui/chart-option.ts'
import { HORIZON_SECONDS, verdictOf, type Verdict } from './judged.ts'

/** Verdicts that are marked in the drawing, with shape and colour. */
export const MARKS = ['hit', 'miss', 'false_alarm', 'pending'] as const
export type Mark = (typeof MARKS)[number]

const SYMBOLS: Readonly<Record<Mark, string>> = {
  hit: 'circle',
  miss: 'triangle',
  false_alarm: 'diamond',
  pending: 'emptyCircle',
}

export interface HistoryNames {
  readonly line: Readonly<Record<Target, string>>
  readonly mark: Readonly<Record<Mark, string>>
  readonly level: string
}

export function markColour(mark: Mark, { palette }: Pick<ChartLook, 'palette'>): string {
  if (mark === 'hit') return palette.good
  return mark === 'miss' ? palette.crit : mark === 'false_alarm' ? palette.warn : palette.muted
}

/** State of a station over a day, what was said of it, and what happened: marks stand at the moment that was meant. */
export function historyOption(
  view: StationView,
  target: Target,
  names: HistoryNames,
  look: ChartLook,
): EChartsCoreOption {
  const { palette, format } = look
  const other: Target = target === 'bikes' ? 'docks' : 'bikes'
  const from = view.history[0]?.slot ?? view.as_of.at - 86_400
  const to = view.as_of.at + HORIZON_SECONDS
  const line = (which: Target) => ({
    type: 'line',
    name: names.line[which],
    step: 'end',
    symbol: 'none',
    connectNulls: false,
    data: view.history.map((slot) => [slot.slot, slot[which]]),
    lineStyle:
      which === target
        ? { color: palette.series[0], width: 2 }
        : { color: palette.muted, width: 1.25, type: 'dashed', opacity: 0.8 },
    itemStyle: { color: which === target ? palette.series[0] : palette.muted },
  })
  const main = {
    ...line(target),
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      data: [{ yAxis: STOCKOUT_AT_MOST }],
      lineStyle: { color: palette.crit, type: 'dotted', width: 1.25 },
      label: { formatter: names.level, position: 'insideStartTop', color: palette.crit, fontSize: 10.5 },
    },
  }
  const marks = MARKS.map((mark) => ({
    type: 'scatter',
    name: names.mark[mark],
    symbol: SYMBOLS[mark],
    symbolSize: mark === 'hit' ? 6 : 8,
    itemStyle: { color: markColour(mark, look), borderColor: palette.surface, borderWidth: 0.5 },
    data: marked(view.past[target], mark),
    z: 5,
  }))
  return {
    ...frame(from, to, look),
    yAxis: { ...valueAxis(look), min: 0, minInterval: 1 },
    tooltip: { ...tooltip(look), formatter: (items: readonly Item[]) => tooltipText(items, format) },
    series: [line(other), main, ...marks],
  }
}

interface Item {
  readonly seriesName?: string
  readonly value?: readonly [number, number | null]
}

function tooltipText(items: readonly Item[], format: ChartLook['format']): string {
  const at = items[0]?.value?.[0]
  return [
    `${format.dateTime(at)} ${format.zone(at)}`,
    ...items.map(({ seriesName, value }) => `${seriesName ?? ''}: ${format.number(value?.[1])}`),
  ].join('\n')
}

function marked(past: readonly PastPrediction[], mark: Verdict): [number, number][] {
  return past
    .filter((prediction) => verdictOf(prediction) === mark)
    .map(({ slot, count_then: then, count_now: now }) => [slot + HORIZON_SECONDS, then ?? now])
}

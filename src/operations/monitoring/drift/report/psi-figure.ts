import { isoOf } from '../../../../core/time.ts'
import { axisStyle, heading, legend, renderChart } from '../../../../model/evaluation/report/chart.ts'
import { light } from '../../../../model/evaluation/report/palette.ts'
import { figureText } from '../../../../model/evaluation/report/text.ts'
import type { DriftRecord } from '../drift-file.ts'

/** Features that have a line: those that are furthest now. */
const LINES = 3
const COLOURS = ['model', 'persistence', 'third'] as const

/** PSI of an endpoint's features over time, by the records of its whole hours, oldest first. */
export function psiOverTimeSvg(history: readonly DriftRecord[], id: string): string {
  const last = history.at(-1)
  const names = (last?.features ?? [])
    .filter(({ psi }) => psi !== null)
    .toSorted((a, b) => (b.psi ?? 0) - (a.psi ?? 0))
    .slice(0, LINES)
    .map(({ name }) => name)
  const series = names.map((name, i) => ({
    type: 'line',
    name,
    showSymbol: history.length < 3,
    silent: true,
    lineStyle: {
      color: light(COLOURS[i] ?? 'model'),
      width: 2,
      type: i === 0 ? 'solid' : i === 1 ? 'dashed' : 'dotted',
    },
    itemStyle: { color: light(COLOURS[i] ?? 'model') },
    data: history.map((record) => [
      record.at * 1000,
      record.features.find((feature) => feature.name === name)?.psi ?? null,
    ]),
  }))
  const highest = Math.max(0.32, ...history.map(({ psi }) => psi ?? 0))
  return renderChart({
    id,
    title: 'PSI over time',
    description: history.map(({ at, psi }) => `${isoOf(at)}: ${figureText(psi)}.`).join(' '),
    width: 920,
    height: 280,
    option: {
      useUTC: true,
      title: heading(
        'PSI over time',
        'the features that are furthest now; 0.20 warns, 0.30 is critical',
        14,
        8,
      ),
      legend: legend(names, true),
      grid: { left: 52, right: 20, top: 58, bottom: 64 },
      xAxis: { type: 'time', ...axisStyle() },
      yAxis: { type: 'value', min: 0, max: Math.ceil(highest * 10) / 10, ...axisStyle() },
      series,
    },
  })
}

import type { Evaluation } from '../../../core/contracts/manifest.ts'
import type { PrPoint } from '../pr-curve.ts'
import { heading, legend, renderChart, unitAxis } from './chart.ts'
import { csvOf } from './escape.ts'
import { light } from './palette.ts'
import type { Curves } from './subject.ts'
import { figureText, shareText } from './text.ts'

const NO_SKILL = 'Prevalence (a score that knows nothing)'

/** pr-curve.csv: one row is one point of one of the four curves. */
export function prCurveCsv(curves: Curves): string {
  const rows = (['all', 'onset'] as const).flatMap((set) =>
    (['model', 'persistence'] as const).flatMap((by) =>
      curves[set][by].map((point) => [set, by, point.threshold, point.recall, point.precision]),
    ),
  )
  return csvOf(['rows', 'by', 'score_at_least', 'recall', 'precision'], rows)
}

/** pr-curve.svg: all rows on the left, onset rows on the right; model, persistence and prevalence in each. */
export function prCurveSvg(curves: Curves, evaluation: Evaluation): string {
  const panels = [
    {
      title: 'All rows',
      curve: curves.all,
      prevalence: evaluation.prevalence,
      model: evaluation.pr_auc,
      persistence: evaluation.persistence_pr_auc,
    },
    {
      title: 'Onset rows: more than 2 now',
      curve: curves.onset,
      prevalence: evaluation.onset_prevalence,
      model: evaluation.onset_pr_auc,
      persistence: evaluation.persistence_onset_pr_auc,
    },
  ]
  const left = [62, 502]
  return renderChart({
    id: 'pr-curve',
    title: 'Precision and recall of the model and of persistence',
    description: panels
      .map(
        (panel) =>
          `${panel.title}: area ${figureText(panel.model)} for the model, ${figureText(panel.persistence)} for persistence, prevalence ${shareText(panel.prevalence)}.`,
      )
      .join(' '),
    width: 880,
    height: 430,
    option: {
      title: panels.map((panel, i) =>
        heading(
          panel.title,
          `area: model ${figureText(panel.model)}, persistence ${figureText(panel.persistence)}`,
          left[i] ?? 0,
          8,
        ),
      ),
      legend: legend(['Model', 'Persistence', NO_SKILL], true),
      grid: left.map((x) => ({ left: x, top: 66, width: 348, height: 276 })),
      xAxis: left.map((_x, i) => unitAxis('Recall', false, { gridIndex: i })),
      yAxis: left.map((_x, i) => unitAxis('Precision', true, { gridIndex: i })),
      series: panels.flatMap((panel, i) => [
        line('Model', i, steps(panel.curve.model), light('model'), 'solid', 2.5),
        line('Persistence', i, steps(panel.curve.persistence), light('persistence'), [8, 4], 2.5),
        line(
          NO_SKILL,
          i,
          panel.prevalence === null
            ? []
            : [
                [0, panel.prevalence],
                [1, panel.prevalence],
              ],
          light('quiet'),
          [2, 4],
          1.5,
        ),
      ]),
    },
  })
}

type Pair = readonly [number, number]

function steps(curve: readonly PrPoint[]): Pair[] {
  const first = curve[0]
  if (!first) return []
  return [[0, first.precision], ...curve.map(({ recall, precision }): Pair => [recall, precision])]
}

function line(
  name: string,
  panel: number,
  data: readonly Pair[],
  color: string,
  type: 'solid' | number[],
  width: number,
): object {
  return {
    type: 'line',
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    data,
    showSymbol: false,
    symbol: 'none',
    silent: true,
    itemStyle: { color },
    lineStyle: { color, width, type },
  }
}

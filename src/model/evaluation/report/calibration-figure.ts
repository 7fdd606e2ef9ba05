import type { CalibrationBin } from '../calibration.ts'
import { axisStyle, heading, legend, renderChart, unitAxis } from './chart.ts'
import { csvOf } from './escape.ts'
import { light } from './palette.ts'
import { figureText, shareText } from './text.ts'

/** calibration.csv: one row is one tenth of the rows, by ascending score. */
export function calibrationCsv(bins: readonly CalibrationBin[]): string {
  return csvOf(
    ['bin', 'rows', 'positives', 'lowest_score', 'highest_score', 'predicted', 'observed'],
    bins.map((bin, i) => [
      i + 1,
      bin.rows,
      bin.positives,
      bin.lowest,
      bin.highest,
      bin.predicted,
      bin.observed,
    ]),
  )
}

/** calibration.svg: predicted against observed on the left, both by tenths of the rows on the right. */
export function calibrationSvg(bins: readonly CalibrationBin[], error: number | null): string {
  return renderChart({
    id: 'calibration',
    title: 'Calibration: the chance that was said, and the share that came',
    description:
      `Expected calibration error ${figureText(error, 4)}. ` +
      bins
        .map((bin, i) => `Tenth ${i + 1}: said ${shareText(bin.predicted)}, came ${shareText(bin.observed)}.`)
        .join(' '),
    width: 880,
    height: 430,
    option: {
      title: [
        heading('Said and came', 'on the dotted line the two are equal', 62, 8),
        heading('By tenths of the rows', `mean difference ${figureText(error, 4)}`, 502, 8),
      ],
      legend: legend(['Predicted', 'Observed']),
      grid: [
        { left: 62, top: 66, width: 348, height: 276 },
        { left: 502, top: 66, width: 348, height: 276 },
      ],
      xAxis: [
        unitAxis('Mean score of the tenth', false),
        {
          type: 'category',
          gridIndex: 1,
          data: bins.map((_bin, i) => String(i + 1)),
          name: 'Tenth of the rows, lowest scores first',
          nameLocation: 'middle',
          nameGap: 30,
          ...axisStyle(),
        },
      ],
      yAxis: [unitAxis('Share of stock-outs', true), unitAxis('Share of stock-outs', true, { gridIndex: 1 })],
      series: [
        {
          type: 'line',
          data: [
            [0, 0],
            [1, 1],
          ],
          silent: true,
          symbol: 'none',
          lineStyle: { color: light('quiet'), width: 1.5, type: [2, 4] },
        },
        {
          type: 'line',
          data: bins.map((bin) => [bin.predicted, bin.observed]),
          silent: true,
          symbol: 'circle',
          symbolSize: 9,
          itemStyle: { color: light('model') },
          lineStyle: { color: light('model'), width: 2 },
        },
        bars(
          'Predicted',
          'model',
          bins.map((bin) => bin.predicted),
        ),
        bars(
          'Observed',
          'ink',
          bins.map((bin) => bin.observed),
        ),
      ],
    },
  })
}

function bars(name: string, colour: 'model' | 'ink', data: readonly number[]): object {
  return {
    type: 'bar',
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data,
    silent: true,
    barGap: '10%',
    barCategoryGap: '30%',
    itemStyle: { color: light(colour) },
  }
}

import { STATION_STATE_FEATURES, WEATHER_FEATURES } from '../../../core/contracts/features.ts'
import { axisStyle, heading, legend, renderChart } from './chart.ts'
import { csvOf } from './escape.ts'
import { light } from './palette.ts'
import type { FeatureGain } from './subject.ts'
import { shareText } from './text.ts'

/** feature-importance.csv: one row is one feature of the contract, the greatest share first. */
export function importanceCsv(importance: readonly FeatureGain[]): string {
  return csvOf(
    ['feature', 'total_gain', 'share'],
    importance.map(({ feature, gain, share }) => [feature, gain, share]),
  )
}

const GROUPS = [
  { name: 'State of stations', colour: 'model' },
  { name: 'Calendar', colour: 'persistence' },
  { name: 'Weather', colour: 'third' },
] as const

function groupOf(feature: string): number {
  if ((STATION_STATE_FEATURES as readonly string[]).includes(feature)) return 0
  return (WEATHER_FEATURES as readonly string[]).includes(feature) ? 2 : 1
}

/** feature-importance.svg: bars of the share of gain, with the share written beside each. */
export function importanceSvg(importance: readonly FeatureGain[]): string {
  const height = 130 + 22 * importance.length
  return renderChart({
    id: 'feature-importance',
    title: 'What the model looks at',
    description: importance
      .slice(0, 5)
      .map(({ feature, share }) => `${feature} has ${shareText(share)} of the gain.`)
      .join(' '),
    width: 880,
    height,
    option: {
      title: heading('What the model looks at', 'share of the total gain over all splits', 20, 8),
      legend: legend(GROUPS.map((group) => group.name)),
      grid: { left: 170, top: 62, width: 630, height: height - 110 },
      xAxis: { type: 'value', min: 0, show: false },
      yAxis: {
        type: 'category',
        inverse: true,
        data: importance.map(({ feature }) => feature),
        ...axisStyle(),
        axisLabel: { color: light('ink'), fontSize: 12.5, interval: 0 },
      },
      series: GROUPS.map((group, i) => ({
        type: 'bar',
        name: group.name,
        stack: 'share',
        silent: true,
        barWidth: 13,
        itemStyle: { color: light(group.colour), borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: 'right',
          color: light('quiet'),
          fontSize: 12,
          formatter: ({ value }: { value: number | null }) => (value === null ? '' : shareText(value)),
        },
        data: importance.map(({ feature, share }) => (groupOf(feature) === i ? share : null)),
      })),
    },
  })
}

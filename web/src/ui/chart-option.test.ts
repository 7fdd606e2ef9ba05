import { describe, expect, it } from 'vitest'
import type { Chart } from '../../../src/core/contracts/api/common.ts'
import { formatOf } from '../text/format.ts'
import { chartOption, type ChartLook } from './chart-option.ts'
import { countGaps, extremes, withGaps } from './chart-points.ts'
import { PALETTES } from './palette.ts'

const look: ChartLook = {
  palette: PALETTES.light,
  format: formatOf('en', 'UTC'),
  timezone: 'UTC',
  reducedMotion: true,
  width: 600,
}
const chart: Chart = {
  id: 'psi',
  unit: 'None',
  from: 0,
  to: 36_000,
  series: [
    {
      name: 'PSI',
      unit: 'None',
      period: 3600,
      of: null,
      points: [
        [0, 0.05],
        [3600, 0.06],
        [14_400, 0.07],
        [18_000, null],
        [21_600, 0.1],
      ],
    },
  ],
  bounds: [
    { name: 'drift-warn', value: 0.2, breach: 'above', kind: 'warn' },
    { name: 'drift-crit', value: 0.3, breach: 'above', kind: 'crit' },
  ],
  band: {
    lower: [
      [0, -0.01],
      [3600, null],
    ],
    upper: [
      [0, 0.1],
      [3600, 0.1],
    ],
  },
  samples: 1234,
}
interface Option {
  readonly animation: boolean
  readonly yAxis: { readonly min: number; readonly max: number }
  readonly tooltip: { readonly renderMode: string; readonly formatter: (items: unknown[]) => string }
  readonly series: readonly {
    readonly name: string
    readonly data: readonly (readonly [number, number | null])[]
    readonly connectNulls?: boolean
    readonly markLine?: { readonly data: readonly { readonly yAxis: number }[] }
    readonly symbolSize?: (value: unknown, params: { dataIndex: number }) => number
  }[]
}
const option = chartOption(chart, look) as unknown as Option
const line = option.series.find(({ name }) => name === 'PSI')

describe('a chart', () => {
  it('has a gap where a point is missing, said or unsaid', () => {
    expect(line?.data).toEqual([
      [0, 0.05],
      [3600, 0.06],
      [7200, null],
      [14_400, 0.07],
      [18_000, null],
      [21_600, 0.1],
    ])
    expect(line?.connectNulls).toBe(false)
    expect(countGaps(withGaps(chart.series[0]?.points ?? [], 3600))).toBe(2)
  })

  it('shows a value with none beside it as a dot', () => {
    expect([0, 1, 3, 5].map((dataIndex) => line?.symbolSize?.(undefined, { dataIndex }))).toEqual([
      0, 0, 5, 5,
    ])
  })

  it('draws every bound, and has room for it', () => {
    expect(line?.markLine?.data.map(({ yAxis }) => yAxis)).toEqual([0.2, 0.3])
    expect(option.yAxis.max).toBeGreaterThan(0.3)
    expect(option.yAxis.min).toBeLessThanOrEqual(-0.01)
  })

  it('draws the band of the expected where both of its sides are known', () => {
    const [low, high] = option.series
    expect(low?.data).toEqual([
      [0, -0.01],
      [3600, null],
    ])
    expect(high?.data.map(([, value]) => value)).toEqual([expect.closeTo(0.11), null])
  })

  it('writes its tooltip as text, whatever names say', () => {
    expect(option.tooltip.renderMode).toBe('richText')
    expect(
      option.tooltip.formatter([
        { seriesName: 'PSI', value: [3600, 0.06] },
        { seriesName: 'band-low', value: [3600, 1] },
      ]),
    ).toBe(`${look.format.dateTime(3600)} UTC\nPSI: 0.06`)
  })

  it('does not move for those who asked for less motion', () => {
    expect(option.animation).toBe(false)
  })

  it('is drawn without any value', () => {
    const empty = chartOption({ ...chart, series: [], bounds: [], band: null }, look) as unknown as Option
    expect(empty.series).toEqual([])
    expect(extremes([[0, null]])).toBeUndefined()
  })
})

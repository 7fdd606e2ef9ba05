import type { Bound, Chart } from '../../../src/core/contracts/api/common.ts'
import type { Format } from '../text/format.ts'
import type { Translate } from '../text/define.ts'
import { uiTexts } from '../text/ui.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { countGaps, extremes, seriesLabel, withGaps } from './chart-points.ts'

type UiText = Translate<(typeof uiTexts)['en']>

/** A bound in words: `PSI warning: breached above 0.2`. */
export function boundWords(bound: Bound, unit: string, t: UiText, format: Format): string {
  const kind = {
    warn: t('boundWarn'),
    crit: t('boundCrit'),
    gate: t('boundGate'),
    objective: t('boundObjective'),
  }[bound.kind]
  const params = { name: `${bound.name} (${kind})`, value: format.unit(bound.value, unit) }
  if (bound.breach === 'above') return t('boundAbove', params)
  // Nothing counted is below none.
  return bound.value === 0 ? t('boundAt', params) : t('boundBelow', params)
}

/** What a chart shows, in sentences. */
export function chartWords(chart: Chart, t: UiText, format: Format): string {
  const lines = chart.series.flatMap((series) => {
    const found = extremes(series.points)
    if (found === undefined) return []
    const { newest, low, high } = found
    const params = {
      name: seriesLabel(series),
      newest: format.unit(newest, chart.unit),
      low: format.unit(low, chart.unit),
      high: format.unit(high, chart.unit),
    }
    return [t('chartSummary', params)]
  })
  if (lines.length === 0) return t('chartEmpty')
  const gaps = chart.series.reduce((sum, { points, period }) => sum + countGaps(withGaps(points, period)), 0)
  const bounds = chart.bounds.map((bound) => `${boundWords(bound, chart.unit, t, format)}.`)
  return [...lines, t('chartGaps', { count: gaps }), ...bounds].join(' ')
}

/** What a chart shows, in sentences of the reader's language. */
export function useChartSummary(chart: Chart): string {
  return chartWords(chart, useText(uiTexts), useFormat())
}

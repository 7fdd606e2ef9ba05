import type { ReactElement } from 'react'
import type { Chart } from '../../../src/core/contracts/api/common.ts'
import { uiTexts } from '../text/ui.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { boundColour, DASHES } from './chart-option.ts'
import { seriesLabel } from './chart-points.ts'
import { boundWords } from './chart-words.ts'
import type { Palette } from './palette.ts'

/** Lines, bounds and band of a chart by name, each with a piece of how it is drawn. */
export function ChartLegend({
  chart,
  palette,
}: {
  readonly chart: Chart
  readonly palette: Palette
}): ReactElement {
  const t = useText(uiTexts)
  const format = useFormat()
  return (
    <ul className="legend">
      {chart.series.map((series, index) => (
        <li key={seriesLabel(series)}>
          <Stroke
            colour={palette.series[index % palette.series.length] ?? palette.text}
            dash={DASHES[index % DASHES.length] ?? 'solid'}
          />
          <bdi>{seriesLabel(series)}</bdi>
        </li>
      ))}
      {chart.bounds.map((bound) => (
        <li key={`${bound.kind} ${bound.name} ${bound.value}`}>
          <Stroke colour={boundColour(bound.kind, palette)} dash={[4, 3]} />
          <bdi>{boundWords(bound, chart.unit, t, format)}</bdi>
        </li>
      ))}
      {chart.band !== null && (
        <li>
          <svg width="22" height="10" aria-hidden="true">
            <rect width="22" height="10" fill={palette.band} />
          </svg>
          {t('bandName')}
        </li>
      )}
    </ul>
  )
}

function Stroke({
  colour,
  dash,
}: {
  readonly colour: string
  readonly dash: readonly number[] | 'solid'
}): ReactElement {
  return (
    <svg width="22" height="10" aria-hidden="true">
      <line
        x1="1"
        x2="21"
        y1="5"
        y2="5"
        stroke={colour}
        strokeWidth="2.5"
        {...(dash === 'solid' ? {} : { strokeDasharray: dash.join(' ') })}
      />
    </svg>
  )
}

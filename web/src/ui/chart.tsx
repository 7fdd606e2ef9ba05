import { useCallback, useContext, useState, type ReactElement, type ReactNode } from 'react'
import type { Chart as ApiChart } from '../../../src/core/contracts/api/common.ts'
import { uiTexts } from '../text/ui.ts'
import { useFormat, ZoneContext } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'
import { ChartLegend } from './chart-legend.tsx'
import { chartOption } from './chart-option.ts'
import { ChartTable } from './chart-table.tsx'
import { useChartSummary } from './chart-words.ts'
import { PALETTES } from './palette.ts'
import { Plot } from './plot.tsx'
import { useReducedMotion, useTheme } from './use-theme.ts'

interface ChartProps {
  readonly chart: ApiChart
  readonly title: ReactNode
  /** What it shows and how to read it. */
  readonly note?: ReactNode
  readonly height?: number
  /** Heading level of the title. */
  readonly level?: 3 | 4
}

/**
 * A chart of the API: gaps stay gaps, bounds and band are drawn and named, window, period and sample size are said, and the
 * same figures can be read as a table.
 */
export function Chart({ chart, title, note, height = 200, level = 3 }: ChartProps): ReactElement {
  const t = useText(uiTexts)
  const format = useFormat()
  const timezone = useContext(ZoneContext)
  const palette = PALETTES[useTheme()]
  const reducedMotion = useReducedMotion()
  const [asTable, setAsTable] = useState(false)
  const summary = useChartSummary(chart)
  const option = useCallback(
    (width: number) => chartOption(chart, { palette, format, timezone, reducedMotion, width }),
    [chart, palette, format, timezone, reducedMotion],
  )
  const Heading = `h${level}` as const
  const isEmpty = chart.series.every(({ points }) => points.every(([, value]) => value === null))
  const period = chart.series[0]?.period
  return (
    <figure className="chart" data-chart={chart.id}>
      <div className="chart-head">
        <Heading>{title}</Heading>
        {!isEmpty && (
          <Button
            kind="quiet"
            onClick={() => {
              setAsTable(!asTable)
            }}
          >
            {asTable ? t('showChart') : t('showTable')} <span className="hidden">{title}</span>
          </Button>
        )}
      </div>
      {isEmpty ? (
        <p className="empty">{t('chartEmpty')}</p>
      ) : asTable ? (
        <ChartTable chart={chart} />
      ) : (
        <Plot summary={summary} height={height} option={option} />
      )}
      <figcaption className="note">
        {!asTable && !isEmpty && <ChartLegend chart={chart} palette={palette} />}
        {t('window', { from: format.dateTime(chart.from), to: format.dateTime(chart.to) })}{' '}
        {format.zone(chart.to)}
        {period !== undefined && ` · ${t('every', { period: format.duration(period) })}`}
        {' · '}
        {chart.samples === null ? t('samplesUnknown') : t('samples', { count: chart.samples })}
        {note !== undefined && <> · {note}</>}
      </figcaption>
    </figure>
  )
}

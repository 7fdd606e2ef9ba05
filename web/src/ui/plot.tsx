import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, type ReactElement } from 'react'

const PlotCanvas = lazy(async () => ({ default: (await import('./plot-canvas.tsx')).PlotCanvas }))

interface PlotProps {
  /** What the drawing says, in words: for those who do not see it. */
  readonly summary: string
  readonly height?: number
  /** For a width in pixels. Keep it the same function while nothing changed. */
  readonly option: (width: number) => EChartsCoreOption
}

/** Any drawing by ECharts (line, bar, scatter), with what it says in words. ECharts is loaded when the first is shown. */
export function Plot({ summary, height = 220, option }: PlotProps): ReactElement {
  return (
    <div role="img" aria-label={summary} className="plot" style={{ minHeight: height }}>
      <Suspense fallback={null}>
        <PlotCanvas height={height} option={option} />
      </Suspense>
    </div>
  )
}

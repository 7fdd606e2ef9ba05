import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use as register, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef, useState, type ReactElement } from 'react'

register([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
])

interface PlotCanvasProps {
  readonly height: number
  readonly option: (width: number) => EChartsCoreOption
}

/** ECharts on a canvas, as wide as its place. Loaded when the first chart is shown. */
export function PlotCanvas({ height, option }: PlotCanvasProps): ReactElement {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0))
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.current?.dispose()
      chart.current = undefined
    }
  }, [])
  useEffect(() => {
    if (width === 0 || place.current === null) return
    if (chart.current === undefined)
      chart.current = init(place.current, null, { width, height, renderer: 'canvas' })
    else chart.current.resize({ width, height })
    chart.current.setOption(option(width), { notMerge: true })
  }, [width, height, option])
  return <div ref={place} style={{ height }} />
}

import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escapeHtml } from './escape.ts'
import { light } from './palette.ts'

use([
  BarChart,
  LineChart,
  ScatterChart,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  SVGRenderer,
])

/** A chart to draw. */
export interface Chart {
  /** Distinguishes the ids of charts on one page. */
  readonly id: string
  /** What it shows, for those who cannot see it. */
  readonly title: string
  /** What can be seen in it. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly option: EChartsCoreOption
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'

/** Draws a chart as a self-contained SVG on white. The same chart gives the same bytes, whatever was drawn before. */
export function renderChart({ id, title, description, width, height, option }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      backgroundColor: light('paper'),
      textStyle: { fontFamily: 'sans-serif', fontSize: 13, color: light('ink') },
      ...option,
    })
    return finish(chart.renderToSVGString(), id, title, description)
  } finally {
    // An instance that is not disposed of keeps the process alive.
    chart.dispose()
  }
}

/** Takes out what serves a mouse, and the counters of earlier charts in the process; adds what serves a reader. */
function finish(drawn: string, id: string, title: string, description: string): string {
  const names = new Map<string, string>()
  const name = (found: string): string => {
    const known = names.get(found) ?? `${id}-${names.size + 1}`
    names.set(found, known)
    return known
  }
  return drawn
    .replaceAll(/<style ?><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>\s*/g, '')
    .replaceAll(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="[^"]*")/g, '')
    .replaceAll(/zr\d+-[a-z]+\d+/g, name)
    .replaceAll('font-family:sans-serif', `font-family:${FONT.replaceAll('"', "'")}`)
    .replace(
      /^<svg [^>]*viewBox="([^"]*)"[^>]*>/,
      (_tag, box: string) =>
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${box.split(' ')[2]}" height="${box.split(' ')[3]}" role="img" aria-labelledby="${id}-title ${id}-desc">\n` +
        `<title id="${id}-title">${escapeHtml(title)}</title>\n<desc id="${id}-desc">${escapeHtml(description)}</desc>`,
    )
    .concat('\n')
}

/** An axis from 0 to 1, with its name where a reader looks for it. */
export function unitAxis(name: string, vertical: boolean, more: object = {}): object {
  return {
    type: 'value',
    min: 0,
    max: 1,
    interval: 0.2,
    name,
    nameLocation: 'middle',
    nameGap: vertical ? 38 : 30,
    ...axisStyle(),
    ...more,
  }
}

/** Lines and letters of an axis. */
export function axisStyle(): object {
  return {
    nameTextStyle: { color: light('quiet'), fontSize: 13 },
    axisLabel: { color: light('quiet'), fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: light('quiet') } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: light('grid') } },
  }
}

/** The key to a chart's colours, centred below it. `lines` shows strokes alone, as the chart does. */
export function legend(names: readonly string[], lines = false): object {
  return {
    bottom: 6,
    itemGap: 34,
    itemWidth: lines ? 40 : 16,
    itemHeight: 12,
    textStyle: { color: light('ink'), fontSize: 13 },
    ...(lines ? { itemStyle: { opacity: 0 } } : {}),
    data: names,
  }
}

/** A heading inside a chart, at a place in pixels. */
export function heading(text: string, subtext: string, left: number, top: number): object {
  return {
    text,
    subtext,
    left,
    top,
    itemGap: 4,
    padding: 0,
    textStyle: { fontSize: 15, fontWeight: 600, color: light('ink') },
    subtextStyle: { fontSize: 12.5, color: light('quiet') },
  }
}

import type { Target } from '../../../../../src/core/contracts/features.ts'
import { RISK_CLASSES, type RiskClass } from '../station-risk.ts'
import { MAP_COLOURS, type MapColours } from './map-colours.ts'

/** A drawing of one station, or of several. Its id is `light|station|risk|bikes|2`, or `light|cluster|risk|bikes|37`. */
export interface Icon {
  readonly theme: 'light' | 'dark'
  readonly kind: 'station' | 'cluster' | 'chosen'
  readonly risk: RiskClass
  readonly target: Target
  /** How full (0..3), or how many. */
  readonly label: string
}

export const ICON_RATIO = 2

export function parseIcon(id: string): Icon | undefined {
  const [theme, kind, risk, target, label = ''] = id.split('|')
  if (theme !== 'light' && theme !== 'dark') return undefined
  if (kind !== 'station' && kind !== 'cluster' && kind !== 'chosen') return undefined
  if (target !== 'bikes' && target !== 'docks') return undefined
  const known = RISK_CLASSES.find((each) => each === risk)
  return known === undefined ? undefined : { theme, kind, risk: known, target, label }
}

/** Side of an icon in CSS pixels. */
export function iconSize({ kind, risk, label }: Icon): number {
  if (kind === 'chosen') return 34
  if (kind === 'cluster') return 22 + Math.min(4, label.length) * 5
  return risk === 'ok' || risk === 'unknown' ? 14 : risk === 'closed' ? 16 : 20
}

/** Draws an icon into a square of `size` CSS pixels. */
export function drawIcon(context: CanvasRenderingContext2D, icon: Icon, size: number): void {
  const colours = MAP_COLOURS[icon.theme]
  const middle = size / 2
  context.lineJoin = 'round'
  if (icon.kind === 'chosen') {
    context.beginPath()
    context.arc(middle, middle, middle - 3, 0, Math.PI * 2)
    context.lineWidth = 3.5
    context.strokeStyle = colours.chosen
    context.stroke()
    return
  }
  shapePath(context, icon, size)
  context.lineWidth = 2
  paint(context, icon, colours)
  if (icon.kind === 'cluster') drawCount(context, icon, size, colours)
}

/** The shape of a class: circle, triangle (no bikes), square (no docks), ring or diamond (out), cross (closed). */
export function shapePath(
  context: CanvasRenderingContext2D,
  { risk, target, kind }: Icon,
  size: number,
): void {
  const [m, r] = [size / 2, size / 2 - 2]
  context.beginPath()
  if (risk === 'risk' && target === 'bikes')
    polygon(context, [
      [m, m - r],
      [m + r, m + r * 0.8],
      [m - r, m + r * 0.8],
    ])
  else if (risk === 'risk') context.rect(m - r * 0.85, m - r * 0.85, r * 1.7, r * 1.7)
  else if (risk === 'out' && target === 'docks')
    polygon(context, [
      [m, m - r],
      [m + r, m],
      [m, m + r],
      [m - r, m],
    ])
  else if (risk === 'closed' && kind === 'station') {
    context.moveTo(m - r * 0.65, m - r * 0.65)
    context.lineTo(m + r * 0.65, m + r * 0.65)
    context.moveTo(m + r * 0.65, m - r * 0.65)
    context.lineTo(m - r * 0.65, m + r * 0.65)
  } else context.arc(m, m, risk === 'out' ? r * (kind === 'station' ? 0.75 : 0.9) : r, 0, Math.PI * 2)
}

function polygon(context: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  for (const [index, [x, y]] of points.entries()) context[index === 0 ? 'moveTo' : 'lineTo'](x, y)
  context.closePath()
}

function paint(context: CanvasRenderingContext2D, icon: Icon, colours: MapColours): void {
  const { risk, kind, target } = icon
  const stroke = (colour: string, width: number) => {
    context.strokeStyle = colour
    context.lineWidth = width
    context.stroke()
  }
  const fill = (colour: string, line: string) => {
    stroke(line, 3)
    context.fillStyle = colour
    context.fill()
  }
  if (risk === 'risk') fill(colours.risk, colours.halo)
  else if (risk === 'out' && target === 'docks') fill(colours.out, colours.halo)
  else if (risk === 'out') {
    if (kind === 'cluster') {
      context.fillStyle = colours.halo
      context.fill()
    }
    stroke(colours.halo, 7)
    stroke(colours.out, 4)
  } else if (risk === 'closed' && kind === 'station') {
    stroke(colours.halo, 5)
    stroke(colours.closed, 2.5)
  } else if (risk === 'unknown' && kind === 'station') {
    context.setLineDash([2.5, 2])
    stroke(colours.unknown, 1.5)
    context.setLineDash([])
  } else {
    const level = kind === 'cluster' ? 3 : Number(icon.label)
    context.fillStyle = risk === 'ok' ? (colours.ok[level as 0 | 1 | 2 | 3] ?? colours.ok[0]) : colours.closed
    context.fill()
    stroke(kind === 'cluster' ? colours.halo : colours.okLine, kind === 'cluster' ? 2 : 1.25)
  }
}

function drawCount(context: CanvasRenderingContext2D, icon: Icon, size: number, colours: MapColours): void {
  const low = icon.risk === 'risk' && icon.target === 'bikes'
  // A ring has its number within.
  context.fillStyle = icon.risk === 'out' && icon.target === 'bikes' ? colours.out : colours.text
  context.font = `600 ${icon.label.length > 2 ? 10.5 : 12}px system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(icon.label, size / 2, size / 2 + (low ? size * 0.13 : 0.5))
}

/** Pixels of an icon, for the map; undefined for an id of something else, or where nothing can be drawn. */
export function iconImage(id: string): ImageData | undefined {
  const icon = parseIcon(id)
  if (icon === undefined) return undefined
  const size = iconSize(icon)
  const canvas = document.createElement('canvas')
  canvas.width = size * ICON_RATIO
  canvas.height = size * ICON_RATIO
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.scale(ICON_RATIO, ICON_RATIO)
  drawIcon(context, icon, size)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

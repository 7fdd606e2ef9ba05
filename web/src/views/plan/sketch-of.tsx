import type { ReactElement } from 'react'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { sketchRoutes, type SketchPoint, type SketchRoute } from './route-sketch.ts'

interface SketchOfProps {
  readonly routes: Plan['routes']
  /** The truck that stands out; null is all of them. */
  readonly truck: number | null
}

/** Colours that are told apart; from the seventh truck on, lines are dashed as well. */
const COLOURS = 6

/** Where the trucks go, north up: a sketch without a map. The tables have everything that it shows. */
export function SketchOf({ routes, truck }: SketchOfProps): ReactElement | null {
  const t = useText(planTexts)
  const format = useFormat()
  const sketch = sketchRoutes(routes)
  if (sketch === undefined) return null
  const stops = routes.reduce((sum, route) => sum + route.stops.length, 0)
  const { width, height, scale } = sketch
  return (
    <figure className="sketch">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('sketch_alt', { trucks: routes.length, stops })}
      >
        {sketch.routes.map((route, i) => (
          <RouteDrawn
            key={route.truck}
            route={route}
            index={i}
            faded={truck !== null && truck !== route.truck}
          />
        ))}
        <g className="sketch-scale" transform={`translate(${width - scale.length - 12} ${height - 10})`}>
          <path d={`M0 -4V0H${scale.length}V-4`} />
          <text x={scale.length / 2} y={-7} textAnchor="middle">
            {t('sketch_scale', { km: format.number(scale.km) })}
          </text>
        </g>
      </svg>
      <figcaption className="note sketch-key">
        <span>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <circle className="sketch-stop sketch-load" cx="8" cy="8" r="6" />
          </svg>
          {t('sketch_load')}
        </span>
        <span>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <circle className="sketch-stop sketch-unload" cx="8" cy="8" r="6" />
          </svg>
          {t('sketch_unload')}
        </span>
        {sketch.routes.some(({ depot }) => depot !== null) && (
          <span>
            <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
              <rect className="sketch-depot" x="2" y="2" width="12" height="12" />
            </svg>
            {t('sketch_depot')}
          </span>
        )}
      </figcaption>
    </figure>
  )
}

interface RouteDrawnProps {
  readonly route: SketchRoute
  readonly index: number
  readonly faded: boolean
}

function RouteDrawn({ route, index, faded }: RouteDrawnProps): ReactElement {
  const { line, stops, depot } = route
  const dashed = index >= COLOURS
  return (
    <g className={`route route-${index % COLOURS} ${faded ? 'route-faded' : ''}`}>
      <polyline points={line.map(written).join(' ')} strokeDasharray={dashed ? '7 4' : undefined} />
      {depot !== null && (
        <rect className="sketch-depot" x={depot.x - 6} y={depot.y - 6} width="12" height="12" />
      )}
      {stops.map(({ x, y, action, number }) => (
        <g key={number} transform={`translate(${x} ${y})`}>
          <circle className={`sketch-stop sketch-${action}`} r="9" />
          <text className={`sketch-number sketch-number-${action}`} textAnchor="middle" y="3.5">
            {number}
          </text>
        </g>
      ))}
      {stops[0] !== undefined && (
        <text className="sketch-truck" x={stops[0].x + 11} y={stops[0].y - 9}>
          {route.truck}
        </text>
      )}
    </g>
  )
}

function written({ x, y }: SketchPoint): string {
  return `${x},${y}`
}

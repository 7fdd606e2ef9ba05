import type { ReactElement } from 'react'
import type { Target } from '../../../../src/core/contracts/features.ts'
import type { RiskClass } from './station-risk.ts'

interface StationShapeProps {
  readonly risk: RiskClass
  readonly target: Target
  readonly level?: number
}

/** The sign of a class as the map draws it, for legends and lists; a word always stands beside it. */
export function StationShape({ risk, target, level = 2 }: StationShapeProps): ReactElement {
  return (
    <svg
      className={`shape shape-${risk} shape-level-${level}`}
      viewBox="0 0 20 20"
      width="16"
      height="16"
      aria-hidden="true"
    >
      {outline(risk, target)}
    </svg>
  )
}

function outline(risk: RiskClass, target: Target): ReactElement {
  if (risk === 'risk')
    return target === 'bikes' ? <path d="M10 2 18 17H2Z" /> : <rect x="3" y="3" width="14" height="14" />
  if (risk === 'out')
    return target === 'bikes' ? (
      <circle className="shape-ring" cx="10" cy="10" r="6" />
    ) : (
      <path d="M10 2 18 10 10 18 2 10Z" />
    )
  if (risk === 'closed') return <path className="shape-cross" d="M5 5 15 15M15 5 5 15" />
  return <circle cx="10" cy="10" r="6" />
}

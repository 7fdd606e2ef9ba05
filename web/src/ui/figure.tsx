import type { ReactElement, ReactNode } from 'react'
import { MISSING } from '../text/format.ts'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'
import type { Tone } from './badge.tsx'

interface FigureProps {
  readonly label: ReactNode
  /** As `useFormat()` writes it, unit included; "–" when it is missing. */
  readonly value: string
  /** How many rows it stands on; null when nobody knows, undefined when it is not a statistic. */
  readonly samples?: number | null
  /** Why it is missing; shown when it is. */
  readonly missing?: ReactNode
  readonly note?: ReactNode
  readonly tone?: Tone
}

/** One figure with its label, its sample size, and the reason when there is none. Stands in a `<dl className="figures">`. */
export function Figure({ label, value, samples, missing, note, tone }: FigureProps): ReactElement {
  const t = useText(uiTexts)
  const absent = value === MISSING
  return (
    <div className={`figure ${tone === undefined ? '' : `figure-${tone}`}`}>
      <dt>{label}</dt>
      <dd>
        <span className="figure-value">{value}</span>
        {absent && <span className="note">{missing ?? t('missing')}</span>}
        {!absent && samples !== undefined && (
          <span className="note">
            {samples === null ? t('samplesUnknown') : t('samples', { count: samples })}
          </span>
        )}
        {note !== undefined && <span className="note">{note}</span>}
      </dd>
    </div>
  )
}

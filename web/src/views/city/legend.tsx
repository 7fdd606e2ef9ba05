import type { ReactElement } from 'react'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { countByRisk, type StationRow } from './station-rows.ts'
import { StationShape } from './station-shape.tsx'
import type { RiskClass } from './station-risk.ts'

const SHOWN: readonly RiskClass[] = ['risk', 'out', 'ok', 'closed', 'unknown']

/** What each shape means, and how many stations have it; undefined while that is not known. */
export function Legend({ rows }: { readonly rows: readonly StationRow[] | undefined }): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  const [{ target, when }] = useViewState()
  const counts = rows === undefined ? undefined : countByRisk(rows)
  return (
    <ul className="legend map-legend" aria-label={t('legend')}>
      {SHOWN.map((risk) => (
        <li key={risk}>
          <StationShape risk={risk} target={target} />
          <span>
            {risk === 'closed' || risk === 'unknown' ? t(`class_${risk}`) : t(`class_${risk}_${target}`)}{' '}
            <b>{format.number(counts?.[risk])}</b>
          </span>
        </li>
      ))}
      <li className="note">
        <span className="shape-scale" aria-hidden="true">
          {[0, 1, 2, 3].map((level) => (
            <StationShape key={level} risk="ok" target={target} level={level} />
          ))}
        </span>
        {when === 'now' ? t('levelNow') : t('levelLater')}
      </li>
    </ul>
  )
}

import type { ReactElement } from 'react'
import { MISSING } from '../../../text/format.ts'
import { cityTexts } from '../../../text/city.ts'
import { useText } from '../../../text/use-text.ts'
import { Name } from '../../../ui/name.tsx'
import type { StationRow } from '../station-rows.ts'

/** A station under the pointer, and where that is in the map. */
export interface Tip {
  readonly row: StationRow
  readonly x: number
  readonly y: number
}

/** Names the station under the pointer; everything in it stands in the panel and the table as well. */
export function MapTip({ tip: { row, x, y } }: { readonly tip: Tip }): ReactElement {
  const t = useText(cityTexts)
  return (
    <div className="map-tip" aria-hidden="true" style={{ left: x, top: y }}>
      <strong>
        <Name>{row.name}</Name>
      </strong>
      <span className="note">{t('hover', { bikes: row.bikes ?? MISSING, docks: row.docks ?? MISSING })}</span>
    </div>
  )
}

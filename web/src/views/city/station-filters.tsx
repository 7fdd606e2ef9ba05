import type { ReactElement } from 'react'
import { FILTERS } from '../../state/parts.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { useText } from '../../text/use-text.ts'
import { Choice } from '../../ui/choice.tsx'
import type { ShownStations } from './use-station-rows.ts'

/** Which stations are shown, as of when, and how many of all: of the map and of its table alike. */
export function StationFilters({
  stations: { rows, shown, snapshot },
}: {
  readonly stations: Pick<ShownStations, 'rows' | 'shown' | 'snapshot'>
}): ReactElement {
  const t = useText(cityTexts)
  const [{ filter, when }, patch] = useViewState()
  return (
    <>
      <Choice
        label={t('when')}
        value={when}
        options={[
          { value: 'now', label: t('whenNow') },
          { value: 'later', label: t('whenLater') },
        ]}
        onChange={(value) => {
          patch({ when: value })
        }}
      />
      <Choice
        label={t('filter')}
        value={filter}
        options={FILTERS.map((value) => ({ value, label: t(`filter_${value}`) }))}
        onChange={(value) => {
          patch({ filter: value })
        }}
      />
      <span className="note" role="status">
        {snapshot !== undefined && t('shownOf', { shown: shown.length, all: rows.length })}
      </span>
    </>
  )
}

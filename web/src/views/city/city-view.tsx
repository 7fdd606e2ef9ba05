import { lazy, Suspense, type ReactElement } from 'react'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { uiTexts } from '../../text/ui.ts'
import { useText } from '../../text/use-text.ts'
import { MapPanel } from './map-panel.tsx'
import { TimeMachine } from './time-machine.tsx'
import { TopPanel } from './top-panel.tsx'
import { useStationRows } from './use-station-rows.ts'
import './city.css'

const StationPanel = lazy(async () => ({
  default: (await import('../station/station-panel.tsx')).StationPanel,
}))

/** The city on a map, what will run out beside it, and the way back in time below. */
export function CityView({ city }: { readonly city: string }): ReactElement {
  const t = useText(cityTexts)
  const ui = useText(uiTexts)
  const [{ station }] = useViewState()
  const stations = useStationRows()
  return (
    <div className="city">
      <h1 className="hidden">
        {t('heading')} {city}
      </h1>
      <div className="city-map">
        <MapPanel stations={stations} />
        <TimeMachine city={city} isShown={!stations.query.isPlaceholderData} />
      </div>
      <div className="city-side">
        {station === null ? (
          <TopPanel city={city} />
        ) : (
          <Suspense fallback={<p className="loading">{ui('loading')}</p>}>
            <StationPanel key={station} city={city} station={station} />
          </Suspense>
        )}
      </div>
    </div>
  )
}

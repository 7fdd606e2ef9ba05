import { lazy, Suspense, useCallback, type ReactElement } from 'react'
import { useCity, useSession } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { useText } from '../../text/use-text.ts'
import { Failure } from '../../ui/async.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { Legend } from './legend.tsx'
import { StationFilters } from './station-filters.tsx'
import type { ShownStations } from './use-station-rows.ts'

// Begun at once, beside the questions to the server.
const mapModule = import('./map/city-map.tsx')
const CityMap = lazy(async () => ({ default: (await mapModule).CityMap }))

interface MapPanelProps {
  readonly stations: ShownStations
}

/** The map with its filters and its legend. */
export function MapPanel({ stations }: MapPanelProps): ReactElement {
  const t = useText(cityTexts)
  const { rows, shown, snapshot } = stations
  return (
    <div className="map-panel">
      <div className="map-controls">
        <StationFilters stations={stations} />
        <ViewLink to={{ tab: 'stations' }} className="map-table-link">
          {t('mapToTable')}
        </ViewLink>
      </div>
      <div className="map-frame">
        <MapOrWhyNot stations={stations} />
        {snapshot !== undefined && shown.length === 0 && rows.length > 0 && (
          <p className="map-none" role="status">
            {t('noneShown')}
          </p>
        )}
      </div>
      <Legend rows={snapshot === undefined ? undefined : rows} />
    </div>
  )
}

function MapOrWhyNot({ stations: { query, rows, shown, snapshot } }: MapPanelProps): ReactElement | null {
  const t = useText(cityTexts)
  const [{ target, station }, patch] = useViewState()
  const city = useCity()
  const session = useSession().data
  const choose = useCallback(
    (id: string) => {
      patch({ station: id })
    },
    [patch],
  )
  const loading = (
    <p className="loading map-none" role="status">
      {t('mapLoading')}
    </p>
  )
  if (query.data === undefined && query.error !== null)
    return <Failure error={query.error} retry={() => void query.refetch()} />
  const bounds = city?.bounds ?? null
  if (bounds === null || query.data?.bikes.length === 0) return <p className="empty">{t('noStations')}</p>
  if (session === undefined) return loading
  return (
    <>
      <Suspense fallback={loading}>
        <CityMap
          bounds={bounds}
          rows={shown}
          all={rows}
          count={city?.stations ?? 0}
          target={target}
          chosen={rows.find(({ id }) => id === station)}
          tileUrl={session.tile_url}
          tileAttribution={session.tile_attribution}
          onChoose={choose}
        />
      </Suspense>
      {snapshot === undefined && loading}
    </>
  )
}

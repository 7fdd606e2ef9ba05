import { lazy, Suspense, useMemo, type ReactElement } from 'react'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { uiTexts } from '../../text/ui.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Toolbar } from '../../ui/toolbar.tsx'
import { StationFilters } from '../city/station-filters.tsx'
import type { StationRow } from '../city/station-rows.ts'
import { useStationRows } from '../city/use-station-rows.ts'
import { TimeMachine } from '../city/time-machine.tsx'
import { stationColumns } from './station-columns.tsx'
import '../city/city.css'

const StationPanel = lazy(async () => ({
  default: (await import('../station/station-panel.tsx')).StationPanel,
}))
const PAGE = 100

/** The stations of the map as a table. */
export function StationsView({ city }: { readonly city: string }): ReactElement {
  const t = useText(cityTexts)
  const ui = useText(uiTexts)
  const format = useFormat()
  const [{ at, stage, target, when, filter, station, sort }, patch] = useViewState()
  const { query, rows, shown, snapshot } = useStationRows()
  const columns = useMemo(() => stationColumns(t, format, target), [t, format, target])
  const moment = snapshot?.state.as_of.at
  const title = t('tableTitle', {
    time: format.dateTime(moment),
    zone: format.zone(moment),
    target: target === 'bikes' ? t('aboutBikes') : t('aboutDocks'),
  })
  return (
    <div className={station === null ? 'stations' : 'stations with-station'}>
      <h1 className="hidden">
        {t('heading')} {city}
      </h1>
      <div className="stations-list">
        <TimeMachine city={city} isShown={!query.isPlaceholderData} />
        <Panel
          title={title}
          note={t('scoreHelp')}
          actions={
            <Downloads name="state" params={{ city }} query={{ at, stage }} what={t('stationsData')} />
          }
        >
          <Toolbar label={t('filter')}>
            <StationFilters stations={{ rows, shown, snapshot }} />
          </Toolbar>
          <Async
            query={query}
            isEmpty={({ bikes }) => bikes.length === 0}
            empty={t('noStations')}
            height={400}
          >
            {() =>
              snapshot === undefined ? (
                <p className="loading">{ui('loading')}</p>
              ) : (
                <DataTable<StationRow>
                  key={`${filter} ${when}`}
                  caption={title}
                  hideCaption
                  rows={shown}
                  columns={columns}
                  rowKey={({ id }) => id}
                  sort={sort ?? '-state'}
                  onSort={(next) => {
                    patch({ sort: next }, { replace: true })
                  }}
                  pageSize={PAGE}
                  empty={t('noneShown')}
                  isCurrent={({ id }) => id === station}
                />
              )
            }
          </Async>
        </Panel>
      </div>
      {station !== null && (
        <div className="city-side">
          <Suspense fallback={<p className="loading">{ui('loading')}</p>}>
            <StationPanel key={station} city={city} station={station} />
          </Suspense>
        </div>
      )}
    </div>
  )
}

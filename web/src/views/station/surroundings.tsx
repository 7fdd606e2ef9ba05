import type { ReactElement } from 'react'
import type { StationView } from '../../../../src/core/contracts/api/station.ts'
import type { Target } from '../../../../src/core/contracts/features.ts'
import { cityTexts } from '../../text/city.ts'
import { stationTexts } from '../../text/station.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ViewLink } from '../../ui/view-link.tsx'

/** The hour's weather as the model had it. */
export function Weather({ view: { weather } }: { readonly view: StationView }): ReactElement {
  const t = useText(stationTexts)
  const format = useFormat()
  if (weather === null)
    return (
      <Panel title={t('weather')} level={3}>
        <p className="empty">{t('weatherNone')}</p>
      </Panel>
    )
  const { valid_at: at, source } = weather
  return (
    <Panel
      title={t('weather')}
      level={3}
      note={
        <Name>
          {t(isHere(source) ? 'weatherNoteHere' : 'weatherNote', {
            time: format.time(at),
            zone: format.zone(at),
            source,
          })}
        </Name>
      }
    >
      <dl className="figures figures-small">
        <Figure label={t('temp')} value={format.temperature(weather.temp_c)} />
        <Figure label={t('precip')} value={format.unit(weather.precip_mm, 'mm')} />
        {weather.snow_mm !== null && weather.snow_mm > 0 && (
          <Figure label={t('snow')} value={format.unit(weather.snow_mm, 'mm')} />
        )}
        <Figure label={t('wind')} value={format.unit(weather.wind_kph, 'km/h')} />
        <Figure label={t('humidity')} value={format.unit(weather.rhum_pct, '%')} />
      </dl>
    </Panel>
  )
}

type Neighbour = StationView['neighbours'][number]

/** The stations nearby: where else a rider may go, or a truck. */
export function Neighbours({
  view,
  target,
}: {
  readonly view: StationView
  readonly target: Target
}): ReactElement {
  const t = useText(stationTexts)
  const city = useText(cityTexts)
  const format = useFormat()
  const what = target === 'bikes' ? city('aboutBikes') : city('aboutDocks')
  const score = ({ score_bikes: bikes, score_docks: docks }: Neighbour) =>
    target === 'bikes' ? bikes : docks
  const columns: Column<Neighbour>[] = [
    {
      key: 'station',
      header: t('station'),
      rowHeader: true,
      cell: ({ station_id: id, name }) => (
        <ViewLink to={{ station: id }}>
          <Name>{name}</Name>
        </ViewLink>
      ),
      sortValue: ({ name }) => name,
    },
    {
      key: 'distance',
      header: t('distance'),
      numeric: true,
      cell: ({ distance_m: metres }) => format.distance(metres),
      sortValue: ({ distance_m: metres }) => metres,
    },
    {
      key: 'bikes',
      header: t('bikes'),
      numeric: true,
      cell: ({ bikes }) => format.number(bikes),
      sortValue: ({ bikes }) => bikes,
    },
    {
      key: 'docks',
      header: t('docks'),
      numeric: true,
      cell: ({ docks }) => format.number(docks),
      sortValue: ({ docks }) => docks,
    },
    {
      key: 'score',
      header: t('score'),
      numeric: true,
      cell: (row) => format.score(score(row)),
      sortValue: score,
    },
  ]
  return (
    <Panel title={t('neighbours')} level={3}>
      <DataTable
        caption={t('neighboursTable', { what })}
        hideCaption
        rows={view.neighbours}
        columns={columns}
        rowKey={({ station_id: id }) => id}
        empty={t('neighboursNone')}
      />
    </Panel>
  )
}

/** A replayed recording's weather comes from this machine, which says nothing to anybody. */
const isHere = (source: string): boolean => /^(?:127\.|localhost|\[?::1)/.test(source)

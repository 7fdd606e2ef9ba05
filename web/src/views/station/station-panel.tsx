import { useEffect, useRef, type ReactElement } from 'react'
import type { StationView } from '../../../../src/core/contracts/api/station.ts'
import { useApi } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { stationTexts } from '../../text/station.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Name } from '../../ui/name.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { History } from './history.tsx'
import { Outlook } from './outlook.tsx'
import { Neighbours, Weather } from './surroundings.tsx'
import { Why } from './why.tsx'
import './station.css'

/** Everything about one station, beside the map or the table. */
export function StationPanel({
  city,
  station,
}: {
  readonly city: string
  readonly station: string
}): ReactElement {
  const t = useText(stationTexts)
  const [{ at, stage, target }, patch] = useViewState()
  const query = useApi('station', { city, station_id: station }, { at, stage })
  const heading = useRef<HTMLHeadingElement>(null)
  const isLoaded = query.data !== undefined
  useEffect(() => {
    // Who opened it by a key goes on reading here; a pointer's page does not jump.
    heading.current?.focus({ preventScroll: true })
    if (window.matchMedia('(max-width: 960px)').matches) heading.current?.scrollIntoView({ block: 'start' })
  }, [station])
  const title = isLoaded ? query.data.name : station
  return (
    <section className="station-panel panel" aria-label={t('panel', { name: title })}>
      <div className="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          <Name>{title}</Name>
        </h2>
        <Button
          kind="quiet"
          aria-label={t('close')}
          onClick={() => {
            patch({ station: null })
          }}
        >
          ✕
        </Button>
      </div>
      {query.error?.status === 404 && !isLoaded ? (
        <p className="empty">{t('notFound')}</p>
      ) : (
        <Async query={query} height={400}>
          {(view: StationView) => (
            <>
              <Counts view={view} />
              <Outlook view={view} target={target} />
              {view.outlook[target] !== null && <Why city={city} station={station} />}
              <History view={view} />
              <Weather view={view} />
              <Neighbours view={view} target={target} />
            </>
          )}
        </Async>
      )}
    </section>
  )
}

function Counts({ view }: { readonly view: StationView }): ReactElement {
  const t = useText(stationTexts)
  const city = useText(cityTexts)
  const format = useFormat()
  const { bikes, docks, capacity, condition, ebikes, vanished_since: vanished } = view
  const outOfOrder = (count: number | null) =>
    count === null || count === 0 ? undefined : t('disabled', { count })
  const bikeNotes = [
    ...(ebikes === null || ebikes === 0 ? [] : [t('ebikes', { count: ebikes })]),
    outOfOrder(view.bikes_disabled),
  ]
  return (
    <>
      <p className="station-facts note">
        <Badge tone={condition === 'ok' ? 'good' : condition === 'unknown' ? 'neutral' : 'warn'}>
          {city(`condition_${condition}`)}
        </Badge>{' '}
        {view.last_reported !== null && <Reported at={view.last_reported} />} ·{' '}
        <Name>{t('id', { id: view.station_id })}</Name>
      </p>
      {vanished !== null ? (
        <p className="banner banner-warn">
          {t('vanished', { time: format.dateTime(vanished), zone: format.zone(vanished) })}
        </p>
      ) : (
        condition !== 'ok' && <p className="banner banner-warn">{t(condition)}</p>
      )}
      <dl className="figures">
        <Figure
          label={t('bikes')}
          value={format.number(bikes)}
          note={bikeNotes.filter((note) => note !== undefined).join(', ')}
        />
        <Figure label={t('docks')} value={format.number(docks)} note={outOfOrder(view.docks_disabled)} />
        <Figure label={t('capacity')} value={format.number(capacity)} />
      </dl>
    </>
  )
}

function Reported({ at }: { readonly at: number }): ReactElement {
  const t = useText(stationTexts)
  const [before = '', after = ''] = t('reported', { ago: '|' }).split('|')
  return (
    <span>
      {before}
      <TimeAgo at={at} />
      {after}
    </span>
  )
}

import type { ReactElement } from 'react'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'

type Route = Plan['routes'][number]
type Stop = Route['stops'][number]
interface Row {
  readonly stop: Stop
  readonly number: number
}

interface RouteTableProps {
  readonly route: Route
  /** False shows it on paper alone. */
  readonly shown: boolean
}

/** A truck's stops in order: when, where, what to do, and what is in the truck then. On paper, a page of its own. */
export function RouteTable({ route, shown }: RouteTableProps): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const title = [
    t('routes_truck', { n: route.truck }),
    ...(route.crew === null ? [] : [t('routes_crew', { id: route.crew })]),
  ].join(', ')
  const { depot } = route
  const columns: readonly Column<Row>[] = [
    { key: 'number', header: t('routes_number'), cell: ({ number }) => String(number) },
    {
      key: 'arrives',
      header: t('routes_arrives'),
      cell: ({ stop }) => (
        <span className="nowrap">
          <strong>{format.time(stop.arrives_at)}</strong>–{format.time(stop.leaves_at)}
        </span>
      ),
    },
    {
      key: 'station',
      header: t('routes_station'),
      rowHeader: true,
      cell: ({ stop }) => <Where stop={stop} />,
    },
    {
      key: 'action',
      header: t('routes_action'),
      cell: ({ stop }) => (
        <strong className={`move move-${stop.action}`}>
          {t(`routes_${stop.action}`, { bikes: stop.bikes })}
        </strong>
      ),
    },
    {
      key: 'load',
      header: t('routes_load_after'),
      numeric: true,
      cell: ({ stop }) => t('routes_of_capacity', { load: stop.load_after, capacity: route.capacity }),
    },
    {
      key: 'avoided',
      header: t('routes_avoided'),
      numeric: true,
      cell: ({ stop }) => format.number(stop.lost_without - stop.lost_with, 1),
    },
  ]
  return (
    <section className={shown ? 'route-sheet' : 'route-sheet print-only'}>
      <h3>{title}</h3>
      <p className="note">
        {t('routes_summary', {
          stops: route.stops.length,
          bikes: route.bikes,
          km: format.distance(route.km * 1000),
          avoided: format.number(route.avoided, 1),
        })}
      </p>
      <p>
        {depot === null
          ? t('routes_starts_at_stop', { at: format.time(route.starts_at) })
          : t('routes_starts', { depot: depotName(depot), at: format.time(route.starts_at) })}
        {' · '}
        {depot === null
          ? t('routes_ends_at_stop', { at: format.time(route.ends_at) })
          : t('routes_ends', { depot: depotName(depot), at: format.time(route.ends_at) })}
        {', '}
        {t('routes_shift', { at: format.time(route.shift_ends_at) })}
      </p>
      <DataTable
        caption={title}
        hideCaption
        rows={route.stops.map((stop, i) => ({ stop, number: i + 1 }))}
        rowKey={({ number }) => String(number)}
        columns={columns}
      />
    </section>
  )
}

function depotName({ name, id }: { readonly name: string; readonly id: string }): string {
  return name === '' ? id : name
}

function Where({ stop }: { readonly stop: Stop }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  return (
    <>
      <Name>{stop.name === '' ? stop.station_id : stop.name}</Name>
      <span className="note block">
        {[
          t('routes_found_bikes', { count: stop.station_bikes }),
          t('routes_found_docks', { count: stop.station_docks }),
          ...(stop.km > 0 ? [t('routes_drive_words', { km: format.distance(stop.km * 1000) })] : []),
        ].join(' · ')}
      </span>
    </>
  )
}

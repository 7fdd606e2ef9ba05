import type { ReactElement } from 'react'
import { useCityParams } from '../../api/use-city.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { STATE_TONES } from './plan-shown.tsx'
import { useInterval } from './use-interval.ts'
import type { PlanListed } from './plan-types.ts'

interface PastPlansProps {
  readonly plans: readonly PlanListed[]
  /** Id of the plan that is shown. */
  readonly shown: string | null
}

/** Plans that were made, newest first: what was expected of each, and how it turned out. */
export function PastPlans({ plans, shown }: PastPlansProps): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const city = useCityParams()
  const interval = useInterval()
  const scored = (of: { mean: number; low: number | null; high: number | null } | null | undefined) =>
    of === null || of === undefined ? (
      '–'
    ) : (
      <>
        {format.number(of.mean, 1)} <span className="note">{interval(of)}</span>
      </>
    )
  const columns: readonly Column<PlanListed>[] = [
    {
      key: 'at',
      header: t('past_at'),
      rowHeader: true,
      sortValue: ({ at }) => at,
      cell: ({ id, at }) => (
        <ViewLink to={{ plan: id }} current={id === shown}>
          {format.dateTime(at)}
        </ViewLink>
      ),
    },
    {
      key: 'state',
      header: t('past_state'),
      cell: ({ state, no_plan_reason }) =>
        no_plan_reason === null ? (
          <Badge tone={STATE_TONES[state]}>{t(`states_${state}`)}</Badge>
        ) : (
          <Badge tone="warn">{t('past_no_plan')}</Badge>
        ),
    },
    { key: 'trucks', header: t('past_trucks'), numeric: true, cell: ({ trucks }) => format.number(trucks) },
    {
      key: 'bikes',
      header: t('past_bikes'),
      numeric: true,
      sortValue: ({ bikes }) => bikes,
      cell: ({ bikes }) => format.number(bikes),
    },
    {
      key: 'expected',
      header: t('past_expected'),
      numeric: true,
      sortValue: ({ objective }) => objective.avoided,
      cell: ({ objective }) => format.number(objective.avoided, 1),
    },
    {
      key: 'observed',
      header: t('past_observed'),
      numeric: true,
      sortValue: ({ score }) => score?.observed?.replayed_avoided?.mean,
      cell: ({ score }) => scored(score?.observed?.replayed_avoided),
    },
    {
      key: 'simulated',
      header: t('past_simulated'),
      numeric: true,
      sortValue: ({ score }) => score?.simulated?.avoided.mean,
      cell: ({ score }) => scored(score?.simulated?.avoided),
    },
    { key: 'by', header: t('past_by'), cell: ({ events }) => <Name>{events[0]?.by ?? '–'}</Name> },
  ]
  return (
    <Panel
      title={t('past_title')}
      className="no-print"
      note={plans.length === 0 ? undefined : t('score_interval_help')}
      actions={city !== null && <Downloads name="plans" params={city} query={{}} what={t('past_title')} />}
    >
      <DataTable
        caption={t('past_title')}
        hideCaption
        rows={plans}
        rowKey={({ id }) => id}
        pageSize={10}
        isCurrent={({ id }) => id === shown}
        empty={t('past_none')}
        columns={columns}
      />
    </Panel>
  )
}

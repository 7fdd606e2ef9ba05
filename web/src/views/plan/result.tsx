import type { ReactElement } from 'react'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { totalsOf } from './plan-totals.ts'

interface Row {
  readonly key: 'avoided' | 'without' | 'with' | 'bikes' | 'stops' | 'km' | 'trucks'
  readonly plan: string
  readonly greedy: string
}

/** What a plan brings, beside the greedy one under the same constraints; how it was found, and what could be better at most. */
export function Result({ plan }: { readonly plan: Plan }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const rides = (value: number) => format.number(value, 1)
  const [ours, greedy] = [totalsOf(plan.routes), totalsOf(plan.greedy.routes)]
  const km = (value: number) => format.distance(value * 1000)
  const rows: readonly Row[] = [
    { key: 'avoided', plan: rides(plan.objective.avoided), greedy: rides(plan.greedy.objective.avoided) },
    {
      key: 'without',
      plan: rides(plan.objective.lost_without),
      greedy: rides(plan.greedy.objective.lost_without),
    },
    { key: 'with', plan: rides(plan.objective.lost_with), greedy: rides(plan.greedy.objective.lost_with) },
    { key: 'bikes', plan: format.number(ours.bikes), greedy: format.number(greedy.bikes) },
    { key: 'stops', plan: format.number(ours.stops), greedy: format.number(greedy.stops) },
    { key: 'km', plan: km(ours.km), greedy: km(greedy.km) },
    { key: 'trucks', plan: format.number(ours.trucks), greedy: format.number(greedy.trucks) },
  ]
  const { solver } = plan
  return (
    <Panel title={t('result_title')} level={3} note={t('result_lead')}>
      <dl className="figures">
        <Figure label={t('result_avoided')} value={rides(plan.objective.avoided)} tone="good" />
        <Figure
          label={t('result_gap')}
          value={format.percent(solver.gap, 1)}
          missing={t('result_gap_none')}
          note={solver.bound === null ? undefined : t('result_gap_help', { bound: rides(solver.bound) })}
        />
      </dl>
      <DataTable
        caption={t('result_title')}
        hideCaption
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'measure',
            header: t('result_measure'),
            rowHeader: true,
            cell: ({ key }) => t(`result_${key}`),
          },
          {
            key: 'plan',
            header: t('result_plan'),
            numeric: true,
            cell: (row) => <strong>{row.plan}</strong>,
          },
          { key: 'greedy', header: t('result_greedy'), numeric: true, cell: (row) => row.greedy },
        ]}
      />
      <p className="note">
        {t('result_solver', {
          name: solver.name,
          status: t(`result_statuses_${solver.status}`),
          seconds: format.unit(solver.seconds, 's'),
        })}{' '}
        {solver.source === 'greedy' && `${t('result_from_greedy')} `}
        {t('result_considered', {
          stations: solver.candidate_stations,
          routes: solver.routes_considered,
        })}{' '}
        {solver.relaxed_bound !== null && t('result_relaxed', { bound: rides(solver.relaxed_bound) })}
        {solver.message !== null && (
          <>
            {' '}
            <Said>{solver.message}</Said>
          </>
        )}
      </p>
      <Basis plan={plan} />
    </Panel>
  )
}

function Basis({ plan: { basis } }: { readonly plan: Plan }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const said = (of: { readonly endpoint: string; readonly slot: number } | null) =>
    of === null ? t('head_no_predictions') : `${of.endpoint} ${format.time(of.slot)}`
  return (
    <p className="note">
      {t('head_basis', {
        stations: basis.stations,
        at: format.dateTime(basis.state_at),
        days: basis.history_days,
      })}{' '}
      {t('head_predictions', { bikes: said(basis.predictions_bikes), docks: said(basis.predictions_docks) })}
    </p>
  )
}

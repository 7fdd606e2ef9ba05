import type { ReactElement } from 'react'
import type { IncidentView as Answer } from '../../../../src/core/contracts/api/releases.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { incidentTexts } from '../../text/incident.ts'
import { textOr } from '../../text/text-or.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async, Failure } from '../../ui/async.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Chart } from '../../ui/chart.tsx'
import { Lines } from '../../ui/lines.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { ViewHead } from '../../ui/view-head.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { ActionButton } from '../actions/action-button.tsx'
import { Facts } from './facts.tsx'
import './incident.css'
import { Notes } from './notes.tsx'
import { Refreshed } from './refreshed.tsx'

/** One incident: what it is about, what happened around it, the graphs, and what people noted. */
export function IncidentView(): ReactElement {
  const t = useText(incidentTexts)
  const [{ incident }] = useViewState()
  const city = useCityParams()
  const params = city === null || incident === null ? null : { ...city, id: incident }
  const query = useApi('incident', params, {})
  const gone = query.error?.status === 404 && query.data === undefined
  return (
    <div className="view view-incident">
      <p>
        <ViewLink to={{ incident: null }}>← {t('back')}</ViewLink>
      </p>
      {gone && query.error !== null ? (
        <>
          <ViewHead title={t('title')} lead={t('none')} />
          <Failure error={query.error} />
        </>
      ) : (
        <>
          {query.data === undefined && <h1>{t('title')}</h1>}
          <Async query={query} height={500}>
            {(answer) => <Incident answer={answer} />}
          </Async>
        </>
      )}
    </div>
  )
}

function Incident({ answer }: { readonly answer: Answer }): ReactElement {
  const t = useText(incidentTexts)
  const format = useFormat()
  const { incident, timeline, charts, as_of } = answer
  const open = incident.closed === null
  return (
    <>
      <ViewHead
        title={<Said>{incident.title}</Said>}
        lead={
          <>
            <Badge tone={open ? 'bad' : 'neutral'}>{open ? t('open') : t('closed')}</Badge>{' '}
            <code>{incident.id}</code>, {format.dateTime(incident.opened_at)}{' '}
            {format.zone(incident.opened_at)}
          </>
        }
      >
        <ActionButton start={{ action: 'incident-note', id: incident.id }} asOf={as_of} />
        {open && <ActionButton start={{ action: 'incident-close', id: incident.id }} asOf={as_of} />}
      </ViewHead>
      <div className="panels">
        <div className="stack">
          <Facts incident={incident} />
          <Notes notes={incident.notes} />
        </div>
        <Panel title={t('timeline_title')}>
          {timeline.length === 0 ? (
            <p className="empty">{t('timeline_none')}</p>
          ) : (
            <Lines lines={timeline} label={t('timeline_title')} />
          )}
        </Panel>
      </div>
      <Panel title={t('charts_title')}>
        {charts.length === 0 && <p className="empty">{t('charts_none')}</p>}
        <div className="chart-grid">
          {charts.map((chart) => (
            <Chart
              key={chart.id}
              chart={chart}
              title={textOr(incidentTexts, t, `chart_names_${chart.id}`, chart.id)}
            />
          ))}
        </div>
      </Panel>
      {incident.refresh !== null && <Refreshed refresh={incident.refresh} />}
    </>
  )
}

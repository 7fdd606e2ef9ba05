import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { systemTexts } from '../../text/system.ts'
import { textOr } from '../../text/text-or.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Chart } from '../../ui/chart.tsx'
import { DayChoice } from '../../ui/day-choice.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ViewHead } from '../../ui/view-head.tsx'
import { AlarmHistory, Alarms } from './alarms.tsx'
import { Budget } from './budget.tsx'
import { Cost, Storage } from './costs.tsx'
import { Endpoints } from './endpoints.tsx'
import { Feed } from './feed.tsx'
import { Jobs } from './jobs.tsx'
import './system.css'
import { Verdict } from './verdict.tsx'

/** Health of everything around the model: feed, endpoints, alarms, jobs, budgets, cost. */
export function SystemView(): ReactElement {
  const t = useText(systemTexts)
  const [{ at, days }] = useViewState()
  const params = useCityParams()
  const asked = { at, days }
  const query = useApi('system', params, asked)
  return (
    <div className="view view-system">
      <ViewHead title={t('title')} lead={t('lead')}>
        <DayChoice />
        {params !== null && (
          <Downloads name="system" params={params} query={asked} what={t('charts_title')} />
        )}
      </ViewHead>
      <Async query={query} height={600}>
        {(system) => <Health system={system} />}
      </Async>
    </div>
  )
}

function Health({ system }: { readonly system: SystemHealth }): ReactElement {
  const t = useText(systemTexts)
  return (
    <>
      <Verdict system={system} />
      <Feed feed={system.feed} />
      <Endpoints endpoints={system.endpoints} />
      <Alarms system={system} />
      <div className="panels">
        <Budget budget={system.budget} />
        <Jobs system={system} />
      </div>
      <Panel title={t('charts_title')}>
        {system.charts.length === 0 && <p className="empty">{t('charts_none')}</p>}
        <div className="chart-grid">
          {system.charts.map((chart) => (
            <Chart
              key={chart.id}
              chart={chart}
              title={textOr(systemTexts, t, `charts_${chart.id}`, chart.id)}
            />
          ))}
        </div>
      </Panel>
      <AlarmHistory history={system.alarm_history} />
      <div className="panels">
        <Cost cost={system.cost} />
        <Storage storage={system.storage} />
      </div>
    </>
  )
}

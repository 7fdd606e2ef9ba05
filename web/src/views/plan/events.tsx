import type { ReactElement } from 'react'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What happened to a plan, and who did it. */
export function Events({ events }: { readonly events: Plan['events'] }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  return (
    <Panel title={t('decide_events')} level={3} className="no-print">
      <ol className="lines">
        {events.map(({ at, by, action, why }) => (
          <li key={`${at} ${action}`}>
            <time dateTime={new Date(at * 1000).toISOString()}>{format.dateTime(at)}</time>
            <span>
              {t(`states_${action}`)}, <Name>{by}</Name>
              {why !== '' && (
                <>
                  {': '}
                  <Name>{why}</Name>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

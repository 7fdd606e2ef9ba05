import type { ReactElement } from 'react'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { planTexts } from '../../text/plan.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { ViewHead } from '../../ui/view-head.tsx'
import { ConstraintsPanel } from './constraints-panel.tsx'
import { MakePlan } from './make-plan.tsx'
import { PastPlans } from './past-plans.tsx'
import { PlanShown } from './plan-shown.tsx'
import './plan.css'

/** Rebalancing: makes plans, shows one whole, and lists those that were made with what became of them. */
export function PlanView(): ReactElement {
  const t = useText(planTexts)
  const [{ plan: named }] = useViewState()
  const city = useCityParams()
  const list = useApi('plans', city, {})
  const constraints = useApi('constraints', city, {})
  const id = named ?? list.data?.plans[0]?.id ?? null
  const shown = useApi('plan', city === null || id === null ? null : { ...city, id }, {})
  return (
    <div className="view view-plan">
      <ViewHead title={t('title')} lead={t('lead')} />
      <MakePlan constraints={constraints.data} />
      <ConstraintsPanel query={constraints} />
      {id !== null && (
        <Async query={shown} height={400}>
          {(answer) => <PlanShown key={answer.plan.id} answer={answer} />}
        </Async>
      )}
      <Async query={list} height={120}>
        {({ plans }) => <PastPlans plans={plans} shown={id} />}
      </Async>
    </div>
  )
}

import { useState, type ReactElement } from 'react'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { useCityParams } from '../../api/use-city.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { Decide } from './decide.tsx'
import { Events } from './events.tsx'
import { Result } from './result.tsx'
import { RouteTable } from './route-table.tsx'
import { Score } from './score.tsx'
import { SketchOf } from './sketch-of.tsx'
import type { PlanAnswer } from './plan-types.ts'

export const STATE_TONES: Readonly<Record<Plan['state'], Tone>> = {
  proposed: 'info',
  accepted: 'good',
  rejected: 'neutral',
}

/** One plan: what it brings beside the greedy one, its routes, what was decided, and how it turned out. */
export function PlanShown({ answer }: { readonly answer: PlanAnswer }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const city = useCityParams()
  const { plan, score } = answer
  const made = plan.events[0]
  return (
    <section className="plan" aria-labelledby="plan-title">
      <div className="panel-head">
        <div>
          <h2 id="plan-title">
            {t('head_of', { at: `${format.dateTime(plan.at)} ${format.zone(plan.at)}` })}{' '}
            <Badge tone={STATE_TONES[plan.state]}>{t(`states_${plan.state}`)}</Badge>
          </h2>
          <p className="note">
            {t('head_until', { at: format.time(plan.horizon_ends_at) })}
            {made !== undefined && (
              <> · {t('head_made', { by: made.by, at: format.dateTime(plan.made_at) })}</>
            )}{' '}
            · <code>{plan.id}</code>
          </p>
        </div>
        <div className="panel-actions no-print">
          <Decide plan={plan} />
          {plan.routes.length > 0 && (
            <Button
              onClick={() => {
                window.print()
              }}
            >
              {t('print')}
            </Button>
          )}
          {city !== null && (
            <Downloads
              name="plan"
              params={{ ...city, id: plan.id }}
              query={{}}
              formats={['csv']}
              what={t('title')}
            />
          )}
        </div>
      </div>
      {plan.no_plan_reason !== null && (
        <div className="no-plan">
          <h3>{t('none_title')}</h3>
          <p>
            <Said>{plan.no_plan_reason}</Said>
          </p>
          <p className="note">{t('none_hint')}</p>
        </div>
      )}
      <div className="panels no-print">
        <Result plan={plan} />
        <Score score={score} />
      </div>
      {plan.routes.length > 0 && <Routes plan={plan} />}
      <Events events={plan.events} />
    </section>
  )
}

function Routes({ plan }: { readonly plan: Plan }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const [truck, setTruck] = useState('')
  return (
    <Panel
      title={t('routes_title')}
      className="panel-routes"
      note={t('routes_zone', { zone: format.zoneName })}
      actions={
        plan.routes.length > 1 && (
          <div className="no-print">
            <SelectField
              label={t('routes_show')}
              hideLabel
              value={truck}
              options={[
                { value: '', label: t('routes_all') },
                ...plan.routes.map((route) => ({
                  value: String(route.truck),
                  label: t('routes_truck', { n: route.truck }),
                })),
              ]}
              onChange={setTruck}
            />
          </div>
        )
      }
    >
      <SketchOf routes={plan.routes} truck={truck === '' ? null : Number(truck)} />
      <div className="route-sheets">
        {plan.routes.map((route) => (
          <RouteTable
            key={route.truck}
            route={route}
            // Printed all the same: whoever prints wants every truck's page.
            shown={truck === '' || Number(truck) === route.truck}
          />
        ))}
      </div>
    </Panel>
  )
}

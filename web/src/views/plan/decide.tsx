import { useId, useState, type ReactElement } from 'react'
import type { Plan, PlanDecision } from '../../../../src/core/contracts/plan.ts'
import { useSend } from '../../api/queries.ts'
import { routePath } from '../../api/routes.ts'
import { useCity } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { actionsTexts } from '../../text/actions.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ActionFailure } from '../actions/action-failure.tsx'
import { OperatorButton } from '../actions/operator-button.tsx'
import { sayAfterDialog } from '../actions/say-after-dialog.ts'
import { totalsOf } from './plan-totals.ts'
import type { PlanAnswer } from './plan-types.ts'

/** Accepts or rejects a plan that is proposed; nothing for one that was decided on, or that moves nothing. */
export function Decide({ plan }: { readonly plan: Plan }): ReactElement | null {
  const t = useText(planTexts)
  const [{ at }] = useViewState()
  if (plan.state !== 'proposed' || plan.routes.length === 0) return null
  return (
    <>
      {(['accept', 'reject'] as const).map((decision) => (
        <OperatorButton
          key={decision}
          label={`${t(`decide_${decision}`)} …`}
          title={t(`decide_${decision}`)}
          newest={at === null}
          kind={decision === 'accept' ? 'main' : 'plain'}
        >
          {(close) => <DecideDialog plan={plan} decision={decision} onClose={close} />}
        </OperatorButton>
      ))}
    </>
  )
}

interface DecideDialogProps {
  readonly plan: Plan
  readonly decision: PlanDecision
  readonly onClose: () => void
}

function DecideDialog({ plan, decision, onClose }: DecideDialogProps): ReactElement {
  const t = useText(planTexts)
  const words = useText(actionsTexts)
  const format = useFormat()
  const id = useId()
  const city = useCity()?.name ?? ''
  const [why, setWhy] = useState('')
  const [asked, setAsked] = useState(false)
  const send = useSend<PlanAnswer>(['plan', 'plans'])
  const { trucks, bikes } = totalsOf(plan.routes)
  // A rejection is of use to whoever plans next only with its reason.
  const lacking = decision === 'reject' && why.trim() === ''
  const submit = () => {
    setAsked(true)
    if (lacking || send.isPending) return
    send.mutate(
      {
        method: 'POST',
        path: routePath('decidePlan', { city, id: plan.id }),
        body: { decision, why: why.trim() },
      },
      {
        onSuccess: () => {
          onClose()
          sayAfterDialog(t(decision === 'accept' ? 'decide_accepted' : 'decide_rejected'), 'good')
        },
      },
    )
  }
  return (
    <Dialog
      title={t(`decide_${decision}`)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="main" type="submit" form={id} disabled={send.isPending}>
            {t(`decide_${decision}`)}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="action-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p>
          {decision === 'accept' ? t('decide_confirm_accept', { trucks, bikes }) : t('decide_confirm_reject')}{' '}
          <span className="note">{t('head_of', { at: format.dateTime(plan.at) })}</span>
        </p>
        <Field
          label={t('decide_why')}
          value={why}
          lines={2}
          required={decision === 'reject'}
          problem={asked && lacking ? t('decide_why_needed') : undefined}
          onChange={setWhy}
        />
        {send.error !== null && <ActionFailure error={send.error} />}
      </form>
    </Dialog>
  )
}

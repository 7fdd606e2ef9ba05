import { useState, type ReactElement } from 'react'
import { useViewState } from '../../state/view-state.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { say } from '../../ui/toast.tsx'
import { ActionFailure } from '../actions/action-failure.tsx'
import { NotAllowed } from '../actions/not-allowed.tsx'
import { useWhyNot } from '../actions/use-why-not.ts'
import {
  EMPTY_REQUEST,
  readRequest,
  REQUEST_FIELD_NAMES,
  REQUEST_FIELDS,
  type RequestField,
} from './request-form.ts'
import { useMakePlan } from './use-make-plan.ts'
import { Waiting } from './waiting.tsx'
import type { ConstraintsAnswer } from './plan-types.ts'

/** Asks for a plan: trucks, how much they carry, how long they drive, how long lost rides count. */
export function MakePlan({
  constraints,
}: {
  readonly constraints: ConstraintsAnswer | undefined
}): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const [{ at }, patch] = useViewState()
  const [form, setForm] = useState(EMPTY_REQUEST)
  const [asked, setAsked] = useState(false)
  const [refused, setRefused] = useState(false)
  const { making, elapsed, cancelled, cancel } = useMakePlan()
  const read = readRequest(form)
  const wrong = asked && 'wrong' in read ? read.wrong : undefined
  const whyNot = useWhyNot(at === null)
  const crews = constraints?.constraints.crews.filter(({ active }) => active).length ?? 0

  const submit = () => {
    setAsked(true)
    if (whyNot !== null) {
      setRefused(true)
      return
    }
    if (!('request' in read) || making.isPending) return
    making.mutate(read.request, {
      onSuccess: ({ plan }) => {
        patch({ plan: plan.id })
        say(
          plan.no_plan_reason === null
            ? t('waiting_done', { avoided: format.number(plan.objective.avoided, 1) })
            : t('waiting_done_none'),
          plan.no_plan_reason === null ? 'good' : 'warn',
        )
      },
    })
  }
  const label = (field: RequestField) =>
    field === 'trucks' && crews > 0 ? t('make_trucks_crews') : t(LABELS[field])

  return (
    <Panel title={t('make_title')} className="no-print" note={t('make_empty')}>
      <form
        className="plan-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {REQUEST_FIELD_NAMES.map((field) => (
          <Field
            key={field}
            label={label(field)}
            value={form[field]}
            inputMode="numeric"
            problem={
              wrong?.has(field) === true
                ? t('make_whole', { min: REQUEST_FIELDS[field].low, max: REQUEST_FIELDS[field].high })
                : undefined
            }
            onChange={(value) => {
              setForm({ ...form, [field]: value })
            }}
          />
        ))}
        <Button
          kind="main"
          type="submit"
          disabled={making.isPending}
          className={whyNot === null ? '' : 'button-locked'}
        >
          {t('make_submit')}
        </Button>
      </form>
      {wrong !== undefined && (
        <p className="problem" role="alert">
          {t('make_fix')}
        </p>
      )}
      {making.isPending && (
        <Waiting elapsed={elapsed} limit={making.variables.time_limit_seconds ?? null} onCancel={cancel} />
      )}
      {cancelled && <p role="status">{t('waiting_cancelled')}</p>}
      {making.error !== null && !cancelled && <ActionFailure error={making.error} />}
      {refused && whyNot !== null && (
        <NotAllowed
          title={t('make_title')}
          whyNot={whyNot}
          onClose={() => {
            setRefused(false)
          }}
        />
      )}
    </Panel>
  )
}

const LABELS = {
  trucks: 'make_trucks',
  capacity: 'make_capacity',
  shift_minutes: 'make_shift',
  horizon_minutes: 'make_horizon',
  time_limit_seconds: 'make_time_limit',
} as const

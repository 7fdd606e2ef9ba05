import type { ReactElement } from 'react'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Choice } from '../../ui/choice.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { ACTION_TARGETS, type ActionForm, type ActionProblems, type ActionStart } from './action-form.ts'
import { StrategyFields } from './strategy-fields.tsx'

interface ActionFieldsProps {
  readonly start: ActionStart
  readonly form: ActionForm
  /** Empty until it was asked for. */
  readonly problems: ActionProblems
  readonly onChange: (form: ActionForm) => void
}

/** What must be said for an action. */
export function ActionFields({ start, form, problems, onChange }: ActionFieldsProps): ReactElement {
  const t = useText(actionsTexts)
  const set = (patch: Partial<ActionForm>) => {
    onChange({ ...form, ...patch })
  }
  const forTarget = start.action === 'promote' || start.action === 'rollback'
  return (
    <>
      {forTarget && (
        <div className="field">
          <span aria-hidden="true">{t('target')}</span>
          <Choice
            label={t('target')}
            value={form.target}
            options={ACTION_TARGETS.map((value) => ({ value, label: t(`targets_${value}`) }))}
            onChange={(target) => {
              set({ target })
            }}
          />
        </div>
      )}
      {start.action === 'promote' && (
        <StrategyFields
          form={form.strategy}
          problems={problems.strategy ?? {}}
          onChange={(strategy) => {
            set({ strategy })
          }}
        />
      )}
      {start.action === 'waive' && (
        <SelectField
          label={t('endpoint')}
          value={form.endpoint}
          options={start.endpoints.map((value) => ({ value, label: value }))}
          onChange={(endpoint) => {
            set({ endpoint })
          }}
        />
      )}
      {(start.action === 'waive' || start.action === 'silence') && (
        <Field
          label={t('hours')}
          value={form.hours}
          inputMode="numeric"
          help={t('hours_help')}
          problem={problems.hours === true ? t('problems_number', { min: 1, max: 168 }) : undefined}
          onChange={(hours) => {
            set({ hours })
          }}
        />
      )}
      <Field
        label={t(WHY_LABELS[start.action])}
        value={form.why}
        lines={start.action === 'incident-note' ? 4 : 2}
        required
        problem={problems.why === true ? t('problems_why') : undefined}
        onChange={(why) => {
          set({ why })
        }}
      />
    </>
  )
}

const WHY_LABELS = {
  promote: 'why',
  rollback: 'why',
  ramp: 'why',
  waive: 'why',
  silence: 'why',
  'incident-note': 'note',
  'incident-close': 'cause',
} as const

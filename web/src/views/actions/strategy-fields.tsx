import type { ReactElement } from 'react'
import { actionsTexts } from '../../text/actions.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useText } from '../../text/use-text.ts'
import { Field, SelectField } from '../../ui/field.tsx'
import {
  FIELD_RANGES,
  STRATEGY_FIELDS,
  STRATEGY_TYPES,
  type StrategyField,
  type StrategyForm,
  type StrategyProblems,
} from '../releases/strategy-form.ts'

interface StrategyFieldsProps {
  readonly form: StrategyForm
  readonly problems: StrategyProblems
  readonly onChange: (form: StrategyForm) => void
}

/** How the traffic is to go over: a strategy and its own parameters. */
export function StrategyFields({ form, problems, onChange }: StrategyFieldsProps): ReactElement {
  const t = useText(actionsTexts)
  const words = useText(releasesTexts)
  const problemOf = (field: StrategyField): string | undefined => {
    const problem = problems[field]
    if (problem === undefined) return undefined
    if (problem !== 'number' || field === 'ramp')
      return t(`problems_${problem === 'number' ? 'ramp_number' : problem}`)
    const [min, max] = FIELD_RANGES[field]
    return t('problems_number', { min, max })
  }
  return (
    <>
      <SelectField
        label={t('strategy')}
        value={form.type}
        help={words(`strategy_help_${form.type}`)}
        options={STRATEGY_TYPES.map((value) => ({ value, label: words(`strategies_${value}`) }))}
        onChange={(value) => {
          onChange({ ...form, type: STRATEGY_TYPES.find((type) => type === value) ?? form.type })
        }}
      />
      {STRATEGY_FIELDS[form.type].map((field) => (
        <Field
          key={field}
          label={t(field)}
          value={form[field]}
          inputMode={field === 'ramp' ? 'text' : 'numeric'}
          help={field === 'ramp' ? t('ramp_help') : undefined}
          problem={problemOf(field)}
          onChange={(value) => {
            onChange({ ...form, [field]: value })
          }}
        />
      ))}
    </>
  )
}

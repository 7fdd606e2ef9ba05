import { useId, type HTMLInputTypeAttribute, type ReactElement, type ReactNode } from 'react'

interface FieldProps {
  readonly label: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is wrong with the value, once it was asked for; read out with the field. */
  readonly problem?: string | undefined
  /** How it is to be filled in. */
  readonly help?: ReactNode
  readonly type?: HTMLInputTypeAttribute
  readonly inputMode?: 'text' | 'numeric' | 'decimal'
  readonly lines?: number
  readonly required?: boolean
  readonly maxLength?: number
  readonly list?: string
  /** The label is for screen readers alone, as under a column's heading. */
  readonly hideLabel?: boolean
  readonly autoComplete?: string
}

/** A field with its label, help and problem, tied together for those who hear them. */
export function Field(props: FieldProps): ReactElement {
  const { label, value, onChange, problem, help, lines, required = false, hideLabel = false } = props
  const id = useId()
  const describedBy = [help === undefined ? '' : `${id}-help`, problem === undefined ? '' : `${id}-problem`]
    .filter((part) => part !== '')
    .join(' ')
  const common = {
    id,
    value,
    required,
    maxLength: props.maxLength ?? 1000,
    'aria-invalid': problem !== undefined,
    ...(describedBy === '' ? {} : { 'aria-describedby': describedBy }),
  }
  return (
    <div className={`field ${problem === undefined ? '' : 'field-wrong'}`}>
      <label htmlFor={id} className={hideLabel ? 'hidden' : undefined}>
        {label}
      </label>
      {lines === undefined ? (
        <input
          {...common}
          type={props.type ?? 'text'}
          inputMode={props.inputMode}
          list={props.list}
          autoComplete={props.autoComplete ?? 'off'}
          spellCheck={false}
          onChange={(event) => {
            onChange(event.target.value)
          }}
        />
      ) : (
        <textarea
          {...common}
          rows={lines}
          onChange={(event) => {
            onChange(event.target.value)
          }}
        />
      )}
      {help !== undefined && (
        <span id={`${id}-help`} className="note">
          {help}
        </span>
      )}
      {problem !== undefined && (
        <span id={`${id}-problem`} className="problem">
          {problem}
        </span>
      )}
    </div>
  )
}

interface SelectFieldProps {
  readonly label: ReactNode
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
  readonly problem?: string | undefined
  readonly help?: ReactNode
  readonly hideLabel?: boolean
}

/** One of several, from a list. */
export function SelectField(props: SelectFieldProps): ReactElement {
  const { label, value, options, onChange, problem, help, hideLabel = false } = props
  const id = useId()
  const describedBy =
    problem === undefined ? (help === undefined ? undefined : `${id}-help`) : `${id}-problem`
  return (
    <div className={`field ${problem === undefined ? '' : 'field-wrong'}`}>
      <label htmlFor={id} className={hideLabel ? 'hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={describedBy}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {help !== undefined && (
        <span id={`${id}-help`} className="note">
          {help}
        </span>
      )}
      {problem !== undefined && (
        <span id={`${id}-problem`} className="problem">
          {problem}
        </span>
      )}
    </div>
  )
}

import type { ReactElement } from 'react'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useText } from '../../text/use-text.ts'
import { Field, SelectField } from '../../ui/field.tsx'
import { freshKey, type CrewDraft } from './constraints-draft.ts'
import { List, useProblem, type LinesProps } from './constraints-list.tsx'

/** Trucks with their crews. */
export function CrewLines({ draft, problems, onChange }: LinesProps): ReactElement {
  const t = useText(planConstraintsTexts)
  const problem = useProblem('crews', problems)
  const set = (crews: readonly CrewDraft[]) => {
    onChange({ ...draft, crews })
  }
  return (
    <List
      title={t('crews')}
      empty={t('crews_none')}
      add={t('add_crew')}
      lines={draft.crews}
      nameOf={({ id }) => id}
      onAdd={() => {
        set([
          ...draft.crews,
          { key: freshKey(draft.crews), id: '', depot: '', capacity: '', shift: '', active: true },
        ])
      }}
      onRemove={(key) => {
        set(draft.crews.filter((line) => line.key !== key))
      }}
    >
      {(line) => {
        const patch = (change: Partial<CrewDraft>) => {
          set(draft.crews.map((each) => (each.key === line.key ? { ...each, ...change } : each)))
        }
        // A depot that is gone stays in the list until another is chosen, or the field would say something else.
        const depots = [...new Set([line.depot, ...draft.depots.map(({ id }) => id.trim())])].filter(
          (id) => id !== '',
        )
        return (
          <>
            <Field
              label={t('id')}
              value={line.id}
              problem={problem(line.key, 'id')}
              onChange={(id) => {
                patch({ id })
              }}
            />
            <SelectField
              label={t('depot')}
              value={line.depot}
              problem={problem(line.key, 'depot')}
              options={[
                { value: '', label: t('no_depot') },
                ...depots.map((id) => ({ value: id, label: id })),
              ]}
              onChange={(depot) => {
                patch({ depot })
              }}
            />
            <Field
              label={t('capacity')}
              value={line.capacity}
              inputMode="numeric"
              help={t('as_plan')}
              problem={problem(line.key, 'capacity')}
              onChange={(capacity) => {
                patch({ capacity })
              }}
            />
            <Field
              label={t('shift')}
              value={line.shift}
              inputMode="numeric"
              help={t('as_plan')}
              problem={problem(line.key, 'shift')}
              onChange={(shift) => {
                patch({ shift })
              }}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={line.active}
                onChange={(event) => {
                  patch({ active: event.target.checked })
                }}
              />
              {t('active')}
            </label>
          </>
        )
      }}
    </List>
  )
}

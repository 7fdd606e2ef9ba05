import type { ReactElement } from 'react'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useText } from '../../text/use-text.ts'
import { Field } from '../../ui/field.tsx'
import { freshKey, type DepotDraft } from './constraints-draft.ts'
import { List, useProblem, type LinesProps } from './constraints-list.tsx'

/** Where trucks begin and end. */
export function DepotLines({ draft, problems, onChange }: LinesProps): ReactElement {
  const t = useText(planConstraintsTexts)
  const problem = useProblem('depots', problems)
  const set = (depots: readonly DepotDraft[]) => {
    onChange({ ...draft, depots })
  }
  return (
    <List
      title={t('depots')}
      empty={t('depots_none')}
      add={t('add_depot')}
      lines={draft.depots}
      nameOf={({ id }) => id}
      onAdd={() => {
        set([...draft.depots, { key: freshKey(draft.depots), id: '', name: '', lat: '', lon: '' }])
      }}
      onRemove={(key) => {
        set(draft.depots.filter((line) => line.key !== key))
      }}
    >
      {(line) => {
        const patch = (change: Partial<DepotDraft>) => {
          set(draft.depots.map((each) => (each.key === line.key ? { ...each, ...change } : each)))
        }
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
            <Field
              label={t('name')}
              value={line.name}
              onChange={(name) => {
                patch({ name })
              }}
            />
            <Field
              label={t('lat')}
              value={line.lat}
              inputMode="decimal"
              problem={problem(line.key, 'lat')}
              onChange={(lat) => {
                patch({ lat })
              }}
            />
            <Field
              label={t('lon')}
              value={line.lon}
              inputMode="decimal"
              problem={problem(line.key, 'lon')}
              onChange={(lon) => {
                patch({ lon })
              }}
            />
          </>
        )
      }}
    </List>
  )
}

import type { ReactElement } from 'react'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useText } from '../../text/use-text.ts'
import { Field } from '../../ui/field.tsx'
import { freshKey, type ClosedDraft } from './constraints-draft.ts'
import { List, useProblem, type LinesProps } from './constraints-list.tsx'

/** Stations at which no truck may stop. */
export function ClosedLines({
  draft,
  problems,
  onChange,
  stationsId,
}: LinesProps & { readonly stationsId: string }): ReactElement {
  const t = useText(planConstraintsTexts)
  const problem = useProblem('closed', problems)
  const set = (closed: readonly ClosedDraft[]) => {
    onChange({ ...draft, closed })
  }
  return (
    <List
      title={t('closed')}
      empty={t('closed_none')}
      add={t('add_closed')}
      lines={draft.closed}
      nameOf={({ station }) => station}
      onAdd={() => {
        set([...draft.closed, { key: freshKey(draft.closed), station: '', why: '' }])
      }}
      onRemove={(key) => {
        set(draft.closed.filter((line) => line.key !== key))
      }}
    >
      {(line) => {
        const patch = (change: Partial<ClosedDraft>) => {
          set(draft.closed.map((each) => (each.key === line.key ? { ...each, ...change } : each)))
        }
        return (
          <>
            <Field
              label={t('station')}
              value={line.station}
              list={stationsId}
              problem={problem(line.key, 'station')}
              onChange={(station) => {
                patch({ station })
              }}
            />
            <Field
              label={t('why')}
              value={line.why}
              onChange={(why) => {
                patch({ why })
              }}
            />
          </>
        )
      }}
    </List>
  )
}

import { useState, type ReactElement } from 'react'
import type { ApiResult } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { NotAllowed } from '../actions/not-allowed.tsx'
import { useWhyNot } from '../actions/use-why-not.ts'
import { ConstraintsEditor } from './constraints-editor.tsx'
import type { ConstraintsAnswer } from './plan-types.ts'

/** What plans keep to, in a line, and its editor. */
export function ConstraintsPanel({ query }: { readonly query: ApiResult<'constraints'> }): ReactElement {
  const t = useText(planConstraintsTexts)
  const [{ at }] = useViewState()
  const [open, setOpen] = useState(false)
  const whyNot = useWhyNot(at === null)
  const close = () => {
    setOpen(false)
  }
  return (
    <Panel
      title={t('title')}
      className="no-print"
      actions={
        query.data !== undefined && (
          <Button
            aria-expanded={whyNot === null ? open : undefined}
            aria-haspopup={whyNot === null ? undefined : 'dialog'}
            className={whyNot === null ? '' : 'button-locked'}
            onClick={() => {
              setOpen(!open)
            }}
          >
            {t('open')}
          </Button>
        )
      }
    >
      <Async query={query} height={30}>
        {(view) => (
          <>
            <Summary view={view} />
            {open && whyNot === null && <ConstraintsEditor view={view} query={query} onClose={close} />}
          </>
        )}
      </Async>
      {open && whyNot !== null && <NotAllowed title={t('title')} whyNot={whyNot} onClose={close} />}
    </Panel>
  )
}

function Summary({ view: { constraints } }: { readonly view: ConstraintsAnswer }): ReactElement {
  const t = useText(planConstraintsTexts)
  const format = useFormat()
  const { depots, crews, closed_stations, by, updated_at } = constraints
  return (
    <p className="constraints-summary">
      {[
        t('count_depots', { count: depots.length }),
        t('count_crews', { count: crews.filter(({ active }) => active).length }),
        t('count_closed', { count: closed_stations.length }),
      ].join(', ')}{' '}
      <span className="note">
        {updated_at === null ? t('never') : t('updated', { by: by ?? '–', at: format.dateTime(updated_at) })}
      </span>
    </p>
  )
}

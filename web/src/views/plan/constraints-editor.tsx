import { useId, useState, type ReactElement } from 'react'
import type { ConstraintsInput } from '../../../../src/core/contracts/plan.ts'
import { useApi, useSend, type ApiResult } from '../../api/queries.ts'
import { routePath } from '../../api/routes.ts'
import { useCity, useCityParams } from '../../api/use-city.ts'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.tsx'
import { actionErrorKind } from '../actions/action-error.ts'
import { ActionFailure } from '../actions/action-failure.tsx'
import { ClosedLines } from './closed-lines.tsx'
import { draftOf, readDraft, type DraftProblems } from './constraints-draft.ts'
import { CrewLines } from './crew-lines.tsx'
import { DepotLines } from './depot-lines.tsx'
import type { ConstraintsAnswer } from './plan-types.ts'

interface ConstraintsEditorProps {
  readonly view: ConstraintsAnswer
  readonly query: ApiResult<'constraints'>
  readonly onClose: () => void
}

const NO_PROBLEMS: DraftProblems = new Map()

/**
 * Edits depots, crews and closed stations. They are saved over those that were opened, and no others: when somebody else has
 * set them meanwhile, both sets are kept until the reader chose.
 */
export function ConstraintsEditor({ view, query, onClose }: ConstraintsEditorProps): ReactElement {
  const t = useText(planConstraintsTexts)
  const stationsId = useId()
  const city = useCity()?.name ?? ''
  const stations = useApi('stations', useCityParams(), {}).data
  const [opened, setOpened] = useState(view)
  const [draft, setDraft] = useState(() => draftOf(view.constraints))
  const [asked, setAsked] = useState(false)
  const send = useSend<ConstraintsAnswer>(['constraints'])
  const known = stations === undefined ? undefined : new Set(stations.station_id)
  const read = readDraft(draft, known)
  const problems = asked && 'problems' in read ? read.problems : NO_PROBLEMS
  const conflict = send.error !== null && actionErrorKind(send.error) === 'conflict'

  const put = (input: ConstraintsInput, etag: string | null) => {
    send.mutate(
      {
        method: 'PUT',
        path: routePath('setConstraints', { city }),
        body: input,
        // Without a tag nothing was ever set, and nothing must have been meanwhile.
        headers: etag === null ? { 'if-none-match': '*' } : { 'if-match': `"${etag}"` },
      },
      {
        onSuccess: () => {
          say(t('saved'), 'good')
          onClose()
        },
        onError: () => {
          void query.refetch()
        },
      },
    )
  }
  const save = (over: ConstraintsAnswer) => {
    setAsked(true)
    if ('input' in read && !send.isPending) put(read.input, over.etag)
  }
  const theirs = () => {
    setOpened(view)
    setDraft(draftOf(view.constraints))
    send.reset()
  }

  return (
    <form
      className="constraints-editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save(opened)
      }}
    >
      <DepotLines draft={draft} problems={problems} onChange={setDraft} />
      <CrewLines draft={draft} problems={problems} onChange={setDraft} />
      <ClosedLines draft={draft} problems={problems} onChange={setDraft} stationsId={stationsId} />
      <datalist id={stationsId}>
        {stations?.station_id.map((id, i) => (
          <option key={id} value={id}>
            {stations.name[i]}
          </option>
        ))}
      </datalist>
      {problems.size > 0 && (
        <p className="problem" role="alert">
          {t('fix')}
        </p>
      )}
      {conflict && (
        <div className="failure" role="alert">
          <p>
            <strong>{t('conflict')}</strong>
          </p>
          <div className="panel-actions">
            <Button onClick={theirs}>{t('theirs')}</Button>
            <Button
              kind="danger"
              onClick={() => {
                save(view)
              }}
            >
              {t('mine')}
            </Button>
          </div>
        </div>
      )}
      {send.error !== null && !conflict && <ActionFailure error={send.error} />}
      <div className="panel-actions">
        <Button kind="main" type="submit" disabled={send.isPending || conflict}>
          {send.isPending ? t('saving') : t('save')}
        </Button>
        <Button onClick={onClose}>{t('discard')}</Button>
      </div>
    </form>
  )
}

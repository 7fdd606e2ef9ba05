import { useId, useRef, useState, type ReactElement, type SubmitEvent } from 'react'
import type { Action } from '../../../../src/core/contracts/api/releases.ts'
import { actionsTexts } from '../../text/actions.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ActionFailure } from './action-failure.tsx'
import { ActionFields } from './action-fields.tsx'
import { nameToType, openForm, readAction, type ActionProblems, type ActionStart } from './action-form.ts'
import { PreviewOf } from './preview-of.tsx'
import { sayAfterDialog } from './say-after-dialog.ts'
import { useAction } from './use-action.ts'

interface ActionDialogProps {
  readonly start: ActionStart
  readonly onClose: () => void
}

/**
 * An action in three steps: what is asked for; what would change, and the same by the command line; and, once that was
 * looked at and confirmed, what came of it. What changes since it was looked at makes the server refuse.
 */
export function ActionDialog({ start, onClose }: ActionDialogProps): ReactElement {
  const t = useText(actionsTexts)
  const format = useFormat()
  const formId = useId()
  const step = useRef<HTMLDivElement>(null)
  // Two clicks can come before the first is drawn.
  const sending = useRef(false)
  const [form, setForm] = useState(() => openForm(start))
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const [looked, setLooked] = useState<Action>()
  const { preview, perform } = useAction()
  const read = readAction(start, form)
  const problems: ActionProblems = asked && 'problems' in read ? read.problems : {}
  const shown = looked === undefined ? undefined : preview.data
  const name = nameToType(start, form.target)
  const busy = preview.isPending || perform.isPending

  const look = () => {
    setAsked(true)
    if (!('action' in read) || busy) return
    perform.reset()
    preview.mutate(read.action, {
      onSuccess: () => {
        setLooked(read.action)
        setTyped('')
        // The buttons are others now; reading goes on where the new step begins.
        step.current?.focus()
      },
    })
  }
  const back = () => {
    setLooked(undefined)
    preview.reset()
    perform.reset()
    step.current?.focus()
  }
  const confirm = () => {
    if (looked === undefined || shown === undefined || sending.current) return
    sending.current = true
    perform.mutate(
      { act: looked, confirm: shown.confirm },
      {
        onSettled: () => {
          sending.current = false
        },
        onSuccess: (result) => {
          onClose()
          sayAfterDialog(
            `${t(`names_${start.action}`)}: ${result.done}. ${t('done', { by: result.by, at: format.time(result.at) })}`,
            'good',
          )
        },
      },
    )
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (shown === undefined) look()
    else if (canConfirm) confirm()
  }
  const canConfirm =
    shown !== undefined && shown.refused === null && (name === undefined || typed.trim() === name) && !busy
  const failed = perform.error ?? (looked === undefined ? preview.error : null)

  return (
    <Dialog
      title={t(`names_${start.action}`)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          {shown === undefined ? (
            <Button kind="main" type="submit" form={formId} disabled={busy}>
              {preview.isPending ? t('previewing') : t('preview')}
            </Button>
          ) : (
            <>
              <Button onClick={back} disabled={busy}>
                {t('back')}
              </Button>
              <Button
                kind={name === undefined ? 'main' : 'danger'}
                type="submit"
                form={formId}
                disabled={!canConfirm}
              >
                {perform.isPending ? t('doing') : confirmLabel(start, name, t)}
              </Button>
            </>
          )}
        </>
      }
    >
      <form id={formId} className="action-form" onSubmit={submit} noValidate>
        <div ref={step} tabIndex={-1}>
          {start.action === 'silence' && (
            <p>
              {t('alarm')}: <code>{start.alarm}</code>
            </p>
          )}
          {shown === undefined ? (
            <ActionFields start={start} form={form} problems={problems} onChange={setForm} />
          ) : (
            <>
              <PreviewOf preview={shown} />
              {shown.refused === null && name !== undefined && (
                <Field label={t('type_name', { name })} value={typed} onChange={setTyped} />
              )}
            </>
          )}
        </div>
        {failed !== null && <ActionFailure error={failed} onLookAgain={look} />}
      </form>
    </Dialog>
  )
}

function confirmLabel(
  start: ActionStart,
  name: string | undefined,
  t: ReturnType<typeof useText<(typeof actionsTexts)['en']>>,
): string {
  if (name !== undefined && start.action === 'promote') return t('confirm_promote', { name })
  if (name !== undefined && start.action === 'rollback') return t('confirm_rollback', { name })
  return t(`names_${start.action}`)
}

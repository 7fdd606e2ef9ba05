import { useId, useState, type ReactElement } from 'react'
import type { Session } from '../../../src/core/contracts/api/session.ts'
import { useSend } from '../api/queries.ts'
import { shellTexts } from '../text/shell.ts'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'
import { Failure } from '../ui/async.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { say } from '../ui/toast.tsx'

/** Takes a token. It goes to the server once, and is kept nowhere here. */
export function SignInDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useText(shellTexts)
  const ui = useText(uiTexts)
  const id = useId()
  const [token, setToken] = useState('')
  const signIn = useSend<Session>()
  const send = () => {
    if (token.trim() === '') return
    signIn.mutate(
      { method: 'POST', path: '/session', body: { token: token.trim() } },
      {
        onSuccess: (session) => {
          say(t('signedIn', { name: session.name ?? '–' }), 'good')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      title={t('signIn')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button kind="main" type="submit" form={id} disabled={signIn.isPending}>
            {t('signIn')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <label className="field">
          <span>{t('token')}</span>
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            maxLength={200}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setToken(event.target.value)
            }}
          />
        </label>
        <p className="note" id={`${id}-hint`}>
          {t('tokenHint')}
        </p>
        {signIn.error !== null && <Failure error={signIn.error} />}
      </form>
    </Dialog>
  )
}

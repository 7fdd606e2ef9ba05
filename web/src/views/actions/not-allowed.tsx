import { useState, type ReactElement } from 'react'
import { SignInDialog } from '../../shell/sign-in-dialog.tsx'
import { patchViewState } from '../../state/view-state.ts'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { WhyNot } from './may-act.ts'

interface NotAllowedProps {
  /** Of the action. */
  readonly title: string
  readonly whyNot: WhyNot
  readonly onClose: () => void
}

/** Says why an action cannot be taken by whoever looks, and offers what would help: signing in, or going back to now. */
export function NotAllowed({ title, whyNot, onClose }: NotAllowedProps): ReactElement {
  const t = useText(actionsTexts)
  const [signingIn, setSigningIn] = useState(false)
  if (signingIn) return <SignInDialog onClose={onClose} />
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          {(whyNot === 'operator' || whyNot === 'city') && (
            <Button
              kind="main"
              onClick={() => {
                setSigningIn(true)
              }}
            >
              {t('sign_in')}
            </Button>
          )}
          {whyNot === 'past' && (
            <Button
              kind="main"
              onClick={() => {
                patchViewState({ at: null })
                onClose()
              }}
            >
              {t('back_to_now')}
            </Button>
          )}
        </>
      }
    >
      <p>{t(`why_not_${whyNot}`)}</p>
    </Dialog>
  )
}

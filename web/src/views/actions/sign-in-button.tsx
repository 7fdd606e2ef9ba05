import { useState, type ReactElement } from 'react'
import { SignInDialog } from '../../shell/sign-in-dialog.tsx'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'

/** Opens the dialog that takes a token, where it turned out that one is needed. */
export function SignInButton(): ReactElement {
  const t = useText(actionsTexts)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true)
        }}
      >
        {t('sign_in')}
      </Button>
      {open && (
        <SignInDialog
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}

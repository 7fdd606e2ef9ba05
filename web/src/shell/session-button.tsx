import { useState, type ReactElement } from 'react'
import type { Access } from '../../../src/core/contracts/api/session.ts'
import { useSend } from '../api/queries.ts'
import { useSession } from '../api/use-city.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { say } from '../ui/toast.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'

const ACCESS_TEXTS = {
  public: 'accessPublic',
  viewer: 'accessViewer',
  operator: 'accessOperator',
} as const satisfies Record<Access, string>

/** Signs in and out; not there on a public server, nor in a snapshot. */
export function SessionButton(): ReactElement | null {
  const t = useText(shellTexts)
  const [isOpen, setOpen] = useState(false)
  const { data: session } = useSession()
  const signOut = useSend<unknown>()
  if (session === undefined || session.snapshot || (session.public_mode && session.name === null)) return null
  if (session.name !== null)
    return (
      <span className="session">
        <bdi className="note">
          {t('signedInAs', { name: session.name, access: t(ACCESS_TEXTS[session.access]) })}
        </bdi>
        <Button
          kind="quiet"
          disabled={signOut.isPending}
          onClick={() => {
            signOut.mutate(
              { method: 'DELETE', path: '/session' },
              {
                onSuccess: () => {
                  say(t('signedOut'))
                },
                onError: (error) => {
                  say(error.message, 'bad')
                },
              },
            )
          }}
        >
          {t('signOut')}
        </Button>
      </span>
    )
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true)
        }}
      >
        {t('signIn')}
      </Button>
      {isOpen && (
        <SignInDialog
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}

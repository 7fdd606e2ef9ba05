import type { ReactElement } from 'react'
import type { ApiError } from '../../api/client.ts'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Said } from '../../ui/said.tsx'
import { actionErrorKind } from './action-error.ts'
import { SignInButton } from './sign-in-button.tsx'

interface ActionFailureProps {
  readonly error: ApiError
  /** Looks at what would change now; offered when things have changed. */
  readonly onLookAgain?: () => void
}

/** Why something was not done, in words, with the server's own, and what to do. */
export function ActionFailure({ error, onLookAgain }: ActionFailureProps): ReactElement {
  const t = useText(actionsTexts)
  const kind = actionErrorKind(error)
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{t(`errors_${kind}`)}</strong>
      </p>
      {kind !== 'unreachable' && (
        <p className="note">
          <Said>{error.message}</Said> <code>{error.code}</code>
        </p>
      )}
      {error.hint !== null && (
        <p className="note">
          <Said>{error.hint}</Said>
        </p>
      )}
      {(kind === 'unauthorized' || kind === 'forbidden') && <SignInButton />}
      {kind === 'conflict' && onLookAgain !== undefined && (
        <Button onClick={onLookAgain}>{t('preview')}</Button>
      )}
    </div>
  )
}

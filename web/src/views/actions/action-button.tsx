import type { ReactElement } from 'react'
import type { AsOf } from '../../../../src/core/contracts/api/common.ts'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { ActionDialog } from './action-dialog.tsx'
import type { ActionStart } from './action-form.ts'
import { OperatorButton } from './operator-button.tsx'

interface ActionButtonProps {
  readonly start: ActionStart
  /** Of the answer that is looked at. */
  readonly asOf: AsOf
  readonly kind?: 'plain' | 'danger'
  /** What the action is about, for those who hear the button alone. */
  readonly about?: string
  /** A button among many of its kind: in a word. */
  readonly short?: boolean
}

/** Opens an action's dialog. */
export function ActionButton({ start, asOf, kind = 'plain', about, short }: ActionButtonProps): ReactElement {
  const t = useText(actionsTexts)
  const name = t(`names_${start.action}`)
  return (
    <OperatorButton
      label={t('open', { name: short === true ? t(`short_${start.action}`) : name })}
      title={name}
      newest={asOf.newest}
      kind={kind}
      about={about}
    >
      {(close) => <ActionDialog start={start} onClose={close} />}
    </OperatorButton>
  )
}

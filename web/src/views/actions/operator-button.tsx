import { useId, useState, type ReactElement } from 'react'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { NotAllowed } from './not-allowed.tsx'
import { useWhyNot } from './use-why-not.ts'

interface OperatorButtonProps {
  readonly label: string
  /** Of the dialog that says why not. */
  readonly title: string
  /** The page shows the newest moment. */
  readonly newest: boolean
  readonly kind?: 'plain' | 'main' | 'danger'
  /** What it is about, for those who hear the button alone. */
  readonly about?: string | undefined
  readonly disabled?: boolean
  /** What is opened for an operator. */
  readonly children: (close: () => void) => ReactElement
}

/**
 * A button of an operator's. For somebody who may not act it stays where it is and says why when it is pressed: what an
 * operator can do is no secret.
 */
export function OperatorButton(props: OperatorButtonProps): ReactElement {
  const { label, title, newest, kind = 'plain', about, disabled = false, children } = props
  const t = useText(actionsTexts)
  const id = useId()
  const [open, setOpen] = useState(false)
  const whyNot = useWhyNot(newest)
  const close = () => {
    setOpen(false)
  }
  return (
    <>
      <Button
        kind={whyNot === null ? kind : 'plain'}
        aria-describedby={whyNot === null ? undefined : id}
        aria-haspopup="dialog"
        className={whyNot === null ? '' : 'button-locked'}
        disabled={disabled}
        onClick={() => {
          setOpen(true)
        }}
      >
        {label}
        {about !== undefined && <span className="hidden"> {about}</span>}
      </Button>
      {whyNot !== null && (
        <span id={id} className="hidden">
          {t(`why_not_${whyNot}`)}
        </span>
      )}
      {open &&
        (whyNot === null ? children(close) : <NotAllowed title={title} whyNot={whyNot} onClose={close} />)}
    </>
  )
}

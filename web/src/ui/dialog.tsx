import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'

interface DialogProps {
  readonly title: ReactNode
  readonly onClose: () => void
  /** Buttons at the end; without any there is one to close. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A modal dialog while mounted: focus stays within, Escape closes, focus goes back to where it was. */
export function Dialog({ title, onClose, actions, children }: DialogProps): ReactElement {
  const t = useText(uiTexts)
  const id = useId()
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog !== null && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      <div className="dialog-actions">{actions ?? <Button onClick={onClose}>{t('close')}</Button>}</div>
    </dialog>
  )
}

import type { ButtonHTMLAttributes, ReactElement } from 'react'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main` is the one that a form or dialog is about; `danger` changes what serves. */
  readonly kind?: 'plain' | 'main' | 'danger' | 'quiet'
}

/** A button of at least 28 px. */
export function Button({ kind = 'plain', type = 'button', className, ...rest }: ButtonProps): ReactElement {
  // oxlint-disable-next-line react/button-has-type
  return <button type={type} className={`button button-${kind} ${className ?? ''}`} {...rest} />
}

import type { ReactElement } from 'react'

/** A name from outside (station, model, person): text, never markup, and its direction does not leak. */
export function Name({ children }: { readonly children: string }): ReactElement {
  return <bdi className="name">{children.trim() === '' ? '–' : children}</bdi>
}

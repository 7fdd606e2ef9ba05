import type { ReactElement } from 'react'

/** Words of the server or of a record: English, whatever the page's language, and text, never markup. */
export function Said({ children }: { readonly children: string }): ReactElement {
  return (
    <bdi lang="en" className="said">
      {children}
    </bdi>
  )
}

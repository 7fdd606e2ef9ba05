import type { ReactElement, ReactNode } from 'react'

/** Controls side by side that belong together. */
export function Toolbar({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <div className="toolbar" role="group" aria-label={label}>
      {children}
    </div>
  )
}

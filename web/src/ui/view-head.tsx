import '../styles/views.css'
import type { ReactElement, ReactNode } from 'react'

interface ViewHeadProps {
  readonly title: ReactNode
  /** What the view is for, in a sentence. */
  readonly lead: ReactNode
  /** Controls of the whole view. */
  readonly children?: ReactNode
}

/** Head of a view: its name, what it is for, and what is chosen for all of it. */
export function ViewHead({ title, lead, children }: ViewHeadProps): ReactElement {
  return (
    <header className="view-head">
      <div>
        <h1>{title}</h1>
        <p className="note">{lead}</p>
      </div>
      <div className="view-controls">{children}</div>
    </header>
  )
}

import type { MouseEvent, ReactElement, ReactNode } from 'react'
import type { ViewState } from '../state/parts.ts'
import { patchViewState, useViewState, viewHref } from '../state/view-state.ts'

interface ViewLinkProps {
  /** What the link changes of the view. */
  readonly to: Partial<ViewState>
  readonly className?: string
  readonly current?: boolean
  readonly children: ReactNode
}

/** A link to another state of this page: it can be opened in a new tab, and copied. */
export function ViewLink({ to, className, current, children }: ViewLinkProps): ReactElement {
  // The address of a link follows that of the page.
  useViewState()
  const follow = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    event.preventDefault()
    patchViewState(to)
  }
  return (
    <a
      href={viewHref(to)}
      className={className}
      aria-current={current === true ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  )
}

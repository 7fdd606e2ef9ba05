import type { ReactElement } from 'react'
import type { Mark } from './history-option.ts'

/** The sign of a verdict as the drawing has it. */
export function MarkSign({ mark }: { readonly mark: Mark }): ReactElement {
  return (
    <svg className={`mark mark-${mark}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {mark === 'miss' ? (
        <path d="M6 1.5 11 10.5H1Z" />
      ) : mark === 'false_alarm' ? (
        <path d="M6 1 11 6 6 11 1 6Z" />
      ) : (
        <circle cx="6" cy="6" r="4" />
      )}
    </svg>
  )
}

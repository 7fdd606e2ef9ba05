import { useId, type ReactElement, type ReactNode } from 'react'

interface PanelProps {
  readonly title: ReactNode
  /** Heading level: 2 unless it stands within another panel. */
  readonly level?: 2 | 3 | 4
  /** At the title's side: downloads, a switch. */
  readonly actions?: ReactNode
  /** Small print under the title: window, sample size, source. */
  readonly note?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A part of a view, with its heading. */
export function Panel({ title, level = 2, actions, note, className, children }: PanelProps): ReactElement {
  const id = useId()
  const Heading = `h${level}` as const
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={id}>
      <div className="panel-head">
        <Heading id={id}>{title}</Heading>
        {actions !== undefined && <div className="panel-actions">{actions}</div>}
      </div>
      {note !== undefined && <p className="note">{note}</p>}
      {children}
    </section>
  )
}

import type { ReactElement } from 'react'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'

interface PagerProps {
  readonly what: string
  readonly page: number
  readonly pages: number
  readonly rows: number
  readonly onPage: (page: number) => void
}

/** Moves between the pages of a long table. */
export function Pager({ what, page, pages, rows, onPage }: PagerProps): ReactElement {
  const t = useText(uiTexts)
  const step = (by: number) => () => {
    onPage(Math.max(0, Math.min(pages - 1, page + by)))
  }
  return (
    <nav className="pager" aria-label={t('pages', { what })}>
      <Button onClick={step(-1)} disabled={page === 0} aria-label={t('previousPage')}>
        ←
      </Button>
      <span aria-live="polite">
        {t('page', { page: page + 1, pages })} · {t('rows', { count: rows })}
      </span>
      <Button onClick={step(1)} disabled={page >= pages - 1} aria-label={t('nextPage')}>
        →
      </Button>
    </nav>
  )
}

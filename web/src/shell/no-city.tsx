import type { ReactElement } from 'react'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'

/** In place of a view: the server has no city, not this one, or its lake cannot be read. */
export function NoCity({ problem }: { readonly problem: string | null }): ReactElement {
  const t = useText(shellTexts)
  const [{ city }] = useViewState()
  if (problem !== null)
    return (
      <div className="failure" role="alert">
        <h1>{t('cityProblem')}</h1>
        <p>
          <bdi>{problem}</bdi>
        </p>
      </div>
    )
  return (
    <div className="empty">
      <h1>{city === null ? t('noCity') : t('unknownCity', { city })}</h1>
      {city === null && <p>{t('noCityHint')}</p>}
    </div>
  )
}

import { useEffect } from 'react'
import { useCity } from '../api/use-city.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { useTheme } from '../ui/use-theme.ts'
import { TAB_TEXTS } from './tab-texts.ts'

/** Keeps the document's language, theme and title as the view's state says. */
export function useDocument(): void {
  const [{ lang, tab }] = useViewState()
  const t = useText(shellTexts)
  const theme = useTheme()
  const city = useCity()?.name
  const title = [t(TAB_TEXTS[tab]), ...(city === undefined ? [] : [city]), t('title')].join(' · ')
  useEffect(() => {
    document.documentElement.lang = lang
    document.documentElement.dataset['theme'] = theme
    document.title = title
  }, [lang, theme, title])
}

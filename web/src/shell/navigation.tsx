import type { ReactElement } from 'react'
import { useSession } from '../api/use-city.ts'
import { TABS, type Tab } from '../state/parts.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { TAB_TEXTS } from './tab-texts.ts'

/** What everybody may see. */
const PUBLIC_TABS: readonly Tab[] = ['city', 'stations']

/** The page's tabs, as links; those alone that the visitor may see. */
export function Navigation(): ReactElement {
  const t = useText(shellTexts)
  const [{ tab }] = useViewState()
  const tabs = useSession().data?.access === 'public' ? PUBLIC_TABS : TABS
  return (
    <nav className="navigation" aria-label={t('views')}>
      {tabs.map((each) => (
        <ViewLink
          key={each}
          to={{ tab: each, incident: null, sort: null }}
          current={each === tab}
          className="navigation-tab"
        >
          {t(TAB_TEXTS[each])}
        </ViewLink>
      ))}
    </nav>
  )
}

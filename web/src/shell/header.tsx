import type { ReactElement } from 'react'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { Choice } from '../ui/choice.tsx'
import { CitySwitch } from './city-switch.tsx'
import { Freshness } from './freshness.tsx'
import { SearchBox } from './search-box.tsx'
import { SessionButton } from './session-button.tsx'
import { Settings } from './settings.tsx'

/** Which city, which endpoint, how fresh, and who is asking: above every view. */
export function Header(): ReactElement {
  const t = useText(shellTexts)
  const [{ stage, target }, patch] = useViewState()
  return (
    <header className="header">
      <div className="header-brand">
        <img src="./icon.svg" width="26" height="26" alt="" />
        <span className="header-title">{t('title')}</span>
        <CitySwitch />
      </div>
      <Freshness />
      <SearchBox />
      <div className="header-switches">
        <Choice
          label={t('stage')}
          value={stage}
          options={[
            { value: 'staging', label: t('stageStaging') },
            { value: 'prod', label: t('stageProd') },
          ]}
          onChange={(value) => {
            patch({ stage: value })
          }}
        />
        <Choice
          label={t('target')}
          value={target}
          options={[
            { value: 'bikes', label: t('targetBikes') },
            { value: 'docks', label: t('targetDocks') },
          ]}
          onChange={(value) => {
            patch({ target: value })
          }}
        />
        <SessionButton />
        <Settings />
      </div>
    </header>
  )
}

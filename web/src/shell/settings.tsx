import { useState, type ReactElement } from 'react'
import type { Language, Theme } from '../state/parts.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Language and theme. */
export function Settings(): ReactElement {
  const t = useText(shellTexts)
  const [{ lang, theme }, patch] = useViewState()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        kind="quiet"
        onClick={() => {
          setOpen(true)
        }}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className="settings-sign">
          <path d="M2 4h7M13 4h1M2 8h2M8 8h6M2 12h6M12 12h2" />
          <circle cx="11" cy="4" r="1.8" />
          <circle cx="6" cy="8" r="1.8" />
          <circle cx="10" cy="12" r="1.8" />
        </svg>
        <span className="settings-word">{t('settings')}</span>
      </Button>
      {isOpen && (
        <Dialog
          title={t('settings')}
          onClose={() => {
            setOpen(false)
          }}
        >
          <div className="setting">
            <span aria-hidden="true">{t('language')}</span>
            <Choice<Language>
              label={t('language')}
              value={lang}
              options={[
                { value: 'en', label: <span lang="en">English</span> },
                { value: 'fr', label: <span lang="fr">Français</span> },
              ]}
              onChange={(value) => {
                patch({ lang: value }, { replace: true })
              }}
            />
          </div>
          <div className="setting">
            <span aria-hidden="true">{t('theme')}</span>
            <Choice<Theme>
              label={t('theme')}
              value={theme}
              options={[
                { value: 'auto', label: t('themeAuto') },
                { value: 'light', label: t('themeLight') },
                { value: 'dark', label: t('themeDark') },
              ]}
              onChange={(value) => {
                patch({ theme: value }, { replace: true })
              }}
            />
          </div>
        </Dialog>
      )}
    </>
  )
}

import { useEffect, useRef, useState, type ReactElement } from 'react'
import runbook from '../../../../docs/runbook.md?raw'
import { systemTexts } from '../../text/system.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { findSection } from './runbook-sections.ts'
import { RunbookWords } from './runbook-words.tsx'

interface RunbookDialogProps {
  readonly anchor: string
  readonly onClose: () => void
}

/** A section of the runbook, and from it the others that it names. It is part of the page: it opens without a network. */
export function RunbookDialog({ anchor, onClose }: RunbookDialogProps): ReactElement {
  const t = useText(systemTexts)
  const [visited, setVisited] = useState<readonly string[]>([anchor])
  const body = useRef<HTMLDivElement>(null)
  const current = visited.at(-1) ?? anchor
  const section = findSection(runbook, current)
  useEffect(() => {
    const dialog = body.current?.closest('dialog')
    if (dialog) dialog.scrollTop = 0
  }, [current])
  return (
    <Dialog
      title={section === undefined ? t('alarms_runbook') : <span lang="en">{section.heading}</span>}
      onClose={onClose}
      actions={
        <>
          {visited.length > 1 && (
            <Button
              onClick={() => {
                setVisited(visited.slice(0, -1))
              }}
            >
              {t('runbook_back')}
            </Button>
          )}
          <Button kind="main" onClick={onClose}>
            {t('runbook_close')}
          </Button>
        </>
      }
    >
      <div ref={body} className="runbook" lang={section === undefined ? undefined : 'en'}>
        {section === undefined ? (
          <p className="empty">{t('runbook_none', { anchor: current })}</p>
        ) : (
          <RunbookWords
            tokens={section.tokens}
            onAnchor={(next) => {
              setVisited([...visited, next])
            }}
          />
        )}
      </div>
    </Dialog>
  )
}

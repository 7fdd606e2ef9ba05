import { lazy, Suspense, useState, type ReactElement } from 'react'
import { systemTexts } from '../../text/system.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'

const RunbookDialog = lazy(async () => ({ default: (await import('./runbook-dialog.tsx')).RunbookDialog }))

interface RunbookButtonProps {
  /** Of the section in docs/runbook.md. */
  readonly anchor: string
  /** What it helps with. */
  readonly about: string
}

/** Opens what the runbook says of something. */
export function RunbookButton({ anchor, about }: RunbookButtonProps): ReactElement {
  const t = useText(systemTexts)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        kind="quiet"
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true)
        }}
      >
        {t('alarms_runbook')}
        <span className="hidden"> {about}</span>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <RunbookDialog
            anchor={anchor.replace(/^.*#/, '')}
            onClose={() => {
              setOpen(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

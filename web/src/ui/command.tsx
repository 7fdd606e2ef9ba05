import { useState, type ReactElement } from 'react'
import { actionsTexts } from '../text/actions.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'

interface CommandProps {
  readonly title: string
  readonly command: string
}

/** A command line with a button that copies it; where copying is not allowed it says so, and the text can be selected. */
export function Command({ title, command }: CommandProps): ReactElement {
  const t = useText(actionsTexts)
  const [outcome, setOutcome] = useState<'copied' | 'copy_failed'>()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command)
      setOutcome('copied')
    } catch {
      setOutcome('copy_failed')
    }
  }
  return (
    <div className="command">
      <p className="command-title">{title}</p>
      <pre lang="en">
        <code>{command}</code>
      </pre>
      <Button
        onClick={() => {
          void copy()
        }}
      >
        {t('copy')}
        <span className="hidden"> {command}</span>
      </Button>
      <span role="status" className="note">
        {outcome !== undefined && t(outcome)}
      </span>
    </div>
  )
}

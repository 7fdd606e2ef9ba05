import { Component, type ErrorInfo, type ReactElement, type ReactNode } from 'react'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'

interface CrashState {
  readonly broken: boolean
}

/** Keeps a view that throws from taking the page with it. */
export class Crash extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { broken: false }

  static getDerivedStateFromError(): CrashState {
    return { broken: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children
  }
}

function Broken(): ReactElement {
  const t = useText(shellTexts)
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{t('viewFailed')}</strong> {t('viewFailedHint')}
      </p>
      <Button
        onClick={() => {
          window.location.reload()
        }}
      >
        {t('reload')}
      </Button>
    </div>
  )
}

import type { ReactElement } from 'react'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'

interface WaitingProps {
  readonly elapsed: number
  /** Seconds that the search may take; null is as configured. */
  readonly limit: number | null
  readonly onCancel: () => void
}

/** A plan that is being made: how long it has taken, of how long it may, and how to give it up. */
export function Waiting({ elapsed, limit, onCancel }: WaitingProps): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  return (
    <div className="waiting">
      <p role="status">{t('waiting_title')} …</p>
      <progress
        {...(limit === null ? {} : { max: limit, value: Math.min(limit, elapsed) })}
        aria-label={t('waiting_title')}
      />
      <span className="note">
        {limit === null
          ? t('waiting_so_far', { seconds: format.duration(Math.floor(elapsed)) })
          : t('waiting_elapsed', {
              seconds: format.duration(Math.floor(elapsed)),
              limit: format.duration(limit),
            })}
      </span>
      <Button onClick={onCancel}>{t('waiting_cancel')}</Button>
    </div>
  )
}

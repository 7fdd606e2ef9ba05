import type { ReactElement } from 'react'
import { dataSource } from '../api/source.ts'
import { useViewState } from '../state/view-state.ts'
import { healthTexts } from '../text/health.ts'
import { useText } from '../text/use-text.ts'
import { Choice } from './choice.tsx'

const DAYS = [1, 7, 28] as const

/**
 * How many days the charts go back; another number may stand in the address, and is then one of the choices. None in a static
 * snapshot, which has one window alone.
 */
export function DayChoice(): ReactElement | null {
  const t = useText(healthTexts)
  const [{ days }, patch] = useViewState()
  if (dataSource() === 'snapshot') return null
  const offered = DAYS.some((each) => each === days) ? [...DAYS] : [...DAYS, days].toSorted((a, b) => a - b)
  return (
    <Choice
      label={t('days')}
      value={String(days)}
      options={offered.map((each) => ({ value: String(each), label: t('day_choice', { count: each }) }))}
      onChange={(value) => {
        patch({ days: Number(value) })
      }}
    />
  )
}

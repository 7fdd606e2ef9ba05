import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'

interface Ends {
  readonly low: number | null
  readonly high: number | null
}

/** Writes a 95 % interval; undefined where there is none. */
export function useInterval(): (ends: Ends) => string | undefined {
  const t = useText(planTexts)
  const format = useFormat()
  return ({ low, high }) =>
    low === null || high === null
      ? undefined
      : t('score_interval', { low: format.number(low, 1), high: format.number(high, 1) })
}

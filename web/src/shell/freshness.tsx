import type { ReactElement } from 'react'
import { useNow } from '../api/clock.ts'
import { agesOf, type Freshness as Kind } from '../api/freshness.ts'
import { useConnection } from '../api/live.ts'
import { useCityState } from '../api/use-city-data.ts'
import { shellTexts } from '../text/shell.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

type State = Kind | 'offline' | 'snapshot'

const TONES: Readonly<Record<State, Tone>> = {
  live: 'good',
  stale: 'warn',
  past: 'info',
  replay: 'info',
  waiting: 'neutral',
  offline: 'bad',
  snapshot: 'info',
}

/** The moment that is shown, and whether it is the present. */
export function Freshness(): ReactElement | null {
  const t = useText(shellTexts)
  const format = useFormat()
  const now = useNow()
  const connection = useConnection()
  const { data } = useCityState()
  if (data === undefined) return <div className="freshness" />
  const { as_of: asOf } = data
  const ages = agesOf(asOf, now)
  const state: State =
    connection === 'lost' ? 'offline' : connection === 'off' && asOf.newest ? 'snapshot' : ages.freshness
  const details = [
    ages.snapshot === null ? t('noSnapshot') : t('snapshotAge', { ago: format.ago(ages.snapshot) }),
    ages.batch === null ? t('noBatch') : t('batchAge', { ago: format.ago(ages.batch) }),
  ].join(', ')
  return (
    <div className="freshness">
      <Badge tone={TONES[state]}>{t(state)}</Badge>
      <time dateTime={new Date(asOf.at * 1000).toISOString()} className="freshness-time">
        {format.dateTime(asOf.at)} <span className="muted">{format.zone(asOf.at)}</span>
      </time>
      <span className="note freshness-note">{details}</span>
    </div>
  )
}

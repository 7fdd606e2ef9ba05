import type { ReactElement } from 'react'
import type { AsOf } from '../../../src/core/contracts/api/common.ts'
import { useNow } from '../api/clock.ts'
import { agesOf } from '../api/freshness.ts'
import { useConnection } from '../api/live.ts'
import { useCityState } from '../api/use-city-data.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'

/** Above a view, when what it shows is not the present: offline, stale, or a moment of the past. */
export function Banners(): ReactElement {
  const connection = useConnection()
  const { data, error } = useCityState()
  const lost = connection === 'lost' || error?.offline === true
  // The region stands from the beginning, so that what appears in it is read out.
  return (
    <div role="status" className="banners">
      {data !== undefined && lost && <OfflineBanner asOf={data.as_of} />}
      {data !== undefined && !lost && <AgeBanner asOf={data.as_of} />}
    </div>
  )
}

function OfflineBanner({ asOf }: { readonly asOf: AsOf }): ReactElement {
  const t = useText(shellTexts)
  const format = useFormat()
  return (
    <p className="banner banner-bad">
      {t('offlineBanner', { time: format.dateTime(asOf.at), zone: format.zone(asOf.at) })}
    </p>
  )
}

function AgeBanner({ asOf }: { readonly asOf: AsOf }): ReactElement | null {
  const t = useText(shellTexts)
  const format = useFormat()
  const [, patch] = useViewState()
  const ages = agesOf(asOf, useNow())
  const words = (at: number, age: number | null) => ({
    time: format.dateTime(at),
    zone: format.zone(at),
    ago: format.ago(age),
  })
  if (ages.freshness === 'past')
    return (
      <p className="banner banner-info">
        {t('pastBanner', { time: format.dateTime(asOf.at), zone: format.zone(asOf.at) })}{' '}
        <Button
          kind="quiet"
          onClick={() => {
            patch({ at: null })
          }}
        >
          {t('backToLive')}
        </Button>
      </p>
    )
  if (ages.freshness !== 'stale') return null
  if (ages.batchStale && !ages.snapshotStale && asOf.batch_at !== null)
    return <p className="banner banner-warn">{t('staleBatchBanner', words(asOf.batch_at, ages.batch))}</p>
  return asOf.snapshot_at === null ? null : (
    <p className="banner banner-warn">{t('staleBanner', words(asOf.snapshot_at, ages.snapshot))}</p>
  )
}

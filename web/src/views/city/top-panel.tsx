import type { ReactElement } from 'react'
import type { Top } from '../../../../src/core/contracts/api/city.ts'
import { useApi } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Panel } from '../../ui/panel.tsx'
import { AtRiskItem } from './at-risk-item.tsx'

/** Stations that are said to run out, those first that still have some; and those that have run out already. */
export function TopPanel({ city }: { readonly city: string }): ReactElement {
  const t = useText(cityTexts)
  const [{ at, stage, target }] = useViewState()
  const asked = { at, stage, target }
  const query = useApi('top', { city }, asked)
  return (
    <div className="top-lists">
      <Panel
        title={t(`topTitle_${target}`)}
        actions={<Downloads name="top" params={{ city }} query={asked} what={t('downloads')} />}
      >
        <Async query={query} height={200}>
          {(top) => <Onsets top={top} />}
        </Async>
      </Panel>
      {query.data !== undefined && query.data.endpoint !== null && query.data.judged > 0 && (
        <Panel title={`${t(`emptyTitle_${target}`)} (${query.data.empty_count})`} note={t('emptyNote')}>
          {query.data.empty.length === 0 ? (
            <p className="empty">{t('noEmpty')}</p>
          ) : (
            <ol className="at-risk">
              {query.data.empty.map((station) => (
                <AtRiskItem key={station.station_id} station={station} top={query.data} isOut />
              ))}
            </ol>
          )}
          <More shown={query.data.empty.length} count={query.data.empty_count} />
        </Panel>
      )}
    </div>
  )
}

function Onsets({ top }: { readonly top: Top }): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  const { as_of: asOf, onsets, onset_count: count, judged, target } = top
  if (top.endpoint === null) return <p className="empty">{t('noEndpoint')}</p>
  if (asOf.batch_at === null || judged === 0)
    return <p className="empty">{t('noPrediction', { endpoint: top.endpoint })}</p>
  const what = target === 'bikes' ? t('wordBikes') : t('wordDocks')
  return (
    <>
      <p className="note">
        {t('topNote', { count, judged, time: format.time(asOf.batch_at), zone: format.zone(asOf.batch_at) })}
      </p>
      {onsets.length === 0 ? (
        <p className="empty">{t('noOnsets', { what })}</p>
      ) : (
        <ol className="at-risk">
          {onsets.map((station) => (
            <AtRiskItem key={station.station_id} station={station} top={top} isOut={false} />
          ))}
        </ol>
      )}
      <More shown={onsets.length} count={count} />
    </>
  )
}

function More({ shown, count }: { readonly shown: number; readonly count: number }): ReactElement | null {
  const t = useText(cityTexts)
  return shown >= count ? null : <p className="note">{t('topMore', { shown, count })}</p>
}

import type { ReactElement } from 'react'
import type { StationView } from '../../../../src/core/contracts/api/station.ts'
import type { Target } from '../../../../src/core/contracts/features.ts'
import { stationTexts } from '../../text/station.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { HORIZON_SECONDS } from './judged.ts'

/** What is predicted of a station, with its calibrated chance: the target of the view first. */
export function Outlook({
  view,
  target,
}: {
  readonly view: StationView
  readonly target: Target
}): ReactElement {
  const t = useText(stationTexts)
  const format = useFormat()
  const order: readonly Target[] = target === 'bikes' ? ['bikes', 'docks'] : ['docks', 'bikes']
  const slot = view.outlook[target]?.slot ?? view.outlook.bikes?.slot ?? view.outlook.docks?.slot
  if (slot === undefined)
    return (
      <Panel title={t('outlook')} level={3}>
        <p className="empty">{t('outlookNone')}</p>
      </Panel>
    )
  const note = t('outlookNote', {
    time: format.time(slot),
    zone: format.zone(slot),
    due: format.time(slot + HORIZON_SECONDS),
  })
  return (
    <Panel title={t('outlook')} level={3} note={note}>
      <dl className="figures figures-wide">
        {order.map((each) => (
          <OutlookFigure key={each} view={view} target={each} />
        ))}
      </dl>
    </Panel>
  )
}

function OutlookFigure({
  view,
  target,
}: {
  readonly view: StationView
  readonly target: Target
}): ReactElement | null {
  const t = useText(stationTexts)
  const format = useFormat()
  const outlook = view.outlook[target]
  if (outlook === null) return null
  const {
    chance,
    chance_samples: samples,
    score,
    threshold,
    stockout,
    variant,
    model_version: version,
  } = outlook
  return (
    <Figure
      label={t(`chance_${target}`)}
      value={format.percent(chance)}
      missing={t('chanceMissing')}
      note={
        <>
          {chance !== null && <>{t('chanceSamples', { count: samples })} · </>}
          {t('scoreOf', { score: format.score(score), threshold: format.score(threshold) })}
          <br />
          <Badge tone={stockout ? 'warn' : 'good'}>
            {t(stockout ? `said_${target}` : `notSaid_${target}`)}
          </Badge>
          <br />
          <Name>{t('model', { version, variant })}</Name>
        </>
      }
    />
  )
}

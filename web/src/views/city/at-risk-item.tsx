import type { ReactElement } from 'react'
import type { AtRisk, Top } from '../../../../src/core/contracts/api/city.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import type { Translate } from '../../text/define.ts'
import type { Format } from '../../text/format.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Name } from '../../ui/name.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { StationShape } from './station-shape.tsx'

interface AtRiskItemProps {
  readonly station: AtRisk
  readonly top: Top
  /** Has two or fewer already. */
  readonly isOut: boolean
}

/** One station of a list: its name opens its panel. */
export function AtRiskItem({ station, top, isOut }: AtRiskItemProps): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  const [{ station: chosen }] = useViewState()
  const { target, as_of: asOf } = top
  const { count_now: count, count_hour_ago: before, expected_shortage: shortage, since } = station
  const facts = [
    count === null ? t('leftUnknown') : t(`left_${target}`, { count }),
    ...(before === null || isOut ? [] : [t('hourAgo', { count: before })]),
    ...(isOut
      ? since === null
        ? []
        : [t('emptySince', { time: sinceText(since, asOf.at, format) })]
      : [
          t('lead', {
            lead: format.duration(station.lead_seconds),
            time: format.time(asOf.at + station.lead_seconds),
          }),
          ...(since === null ? [] : [t('since', { time: sinceText(since, asOf.at, format) })]),
        ]),
    shortageWords(shortage, t, format),
  ]
  return (
    <li className={chosen === station.station_id ? 'at-risk-item current' : 'at-risk-item'}>
      <StationShape risk={isOut ? 'out' : 'risk'} target={target} />
      <div className="at-risk-text">
        <ViewLink to={{ station: station.station_id }} className="at-risk-name">
          <Name>{station.name}</Name>
        </ViewLink>
        <span className="note">{facts.join(' · ')}</span>
      </div>
      {!isOut && <Chance station={station} />}
    </li>
  )
}

function shortageWords(
  shortage: number | null,
  t: Translate<(typeof cityTexts)['en']>,
  format: Format,
): string {
  if (shortage === null) return t('shortageUnknown')
  if (shortage < 0.05) return t('shortageTiny')
  return t('shortage', { count: Math.round(shortage * 10) / 10, rides: format.number(shortage, 1) })
}

/** A time of day, with its day when it is not of the last hours. */
function sinceText(moment: number, now: number, format: Format): string {
  return now - moment > 20 * 3600 ? format.dateTime(moment) : format.time(moment)
}

function Chance({
  station: { chance, chance_samples: samples, score },
}: {
  readonly station: AtRisk
}): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  if (chance === null)
    return <span className="at-risk-chance note">{t('chanceMissing', { score: format.score(score) })}</span>
  return (
    <span className="at-risk-chance">
      <strong>{format.percent(chance)}</strong>
      <span className="note">{t('chanceSamples', { count: samples })}</span>
    </span>
  )
}

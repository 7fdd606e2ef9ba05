import type { Reason, ReasonPart } from '../../../../src/core/contracts/explanation.ts'
import { localeOf, type Translate } from '../../text/define.ts'
import type { Format } from '../../text/format.ts'
import type { stationTexts } from '../../text/station.ts'
import type { Language } from '../../state/parts.ts'

export type StationText = Translate<(typeof stationTexts)['en']>

export interface Words {
  readonly t: StationText
  readonly format: Format
  readonly lang: Language
}

/** One clause of the reasons, in words. */
export function partWords(part: ReasonPart, { t, format, lang }: Words): string {
  switch (part.key) {
    case 'count_now':
      return t(`part_count_${part.params.what}`, { count: part.params.count })
    case 'changed': {
      const { what, change, minutes } = part.params
      return t(`part_${change < 0 ? 'fewer' : 'more'}_${what}`, { count: Math.abs(change), minutes })
    }
    case 'steady':
      return t(`part_steady_${part.params.what}`, { minutes: part.params.minutes })
    case 'mean': {
      const { what, mean, minutes } = part.params
      return t(`part_mean_${what}`, { mean: format.number(mean, 1), minutes })
    }
    case 'trend_unknown':
      return t('part_trend_unknown')
    case 'neighbours': {
      const { what, level, direction } = part.params
      const said = t(`part_neighbours_${what}`, { level: format.percent(level) })
      if (direction === null) return said
      return `${said} ${direction === 'steady' ? t('part_level') : t(`part_${direction}`)}`
    }
    case 'neighbours_unknown':
      return t('part_neighbours_unknown')
    case 'time': {
      const { weekday, hour, minute, kind } = part.params
      const params = { day: weekdayName(weekday, lang), time: clock(hour, minute) }
      return kind === 'holiday' ? t('part_holiday', params) : t('part_time', params)
    }
    case 'weather':
      return weatherWords(part.params, t, format)
    case 'weather_unknown':
      return t('part_weather_unknown')
  }
}

function weatherWords(
  { sky, temp_c: temp, precip_mm: precip, wind_kph: wind }: Extract<ReasonPart, { key: 'weather' }>['params'],
  t: StationText,
  format: Format,
): string {
  return [
    ...(sky === null ? [] : [t(`part_${sky}`)]),
    ...(precip === null || precip === 0 ? [] : [t('part_precip', { precip: format.number(precip, 1) })]),
    ...(temp === null ? [] : [format.temperature(temp)]),
    ...(wind === null ? [] : [t('part_wind', { wind: format.number(wind, 0) })]),
  ].join(', ')
}

/** @param weekday 0 is Monday. */
function weekdayName(weekday: number, lang: Language): string {
  // 5 January 1970 was a Monday.
  return new Intl.DateTimeFormat(localeOf(lang), { weekday: 'long', timeZone: 'UTC' }).format(
    (4 + weekday) * 86_400_000,
  )
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** The reasons that weigh, in one sentence, the largest first. */
export function whySentence(reasons: readonly Reason[], words: Words): string {
  const parts = reasons.filter(({ weighty }) => weighty).flatMap((reason) => reason.parts)
  const text = parts.map((part) => partWords(part, words)).join('; ')
  return text === '' ? '' : `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`
}

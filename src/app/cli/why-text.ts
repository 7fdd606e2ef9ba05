import type { Calibration, Explanation, Reason, ReasonPart } from '../../core/contracts/explanation.ts'
import type { Target } from '../../core/contracts/features.ts'
import { isoOf } from '../../core/time.ts'

/** An explanation on a few lines, in English. `where` is how the station is called. */
export function whyText(
  explanation: Explanation,
  calibration: Calibration | undefined,
  where: string,
): string {
  const { score, threshold, stockout, target, why, model_version, variant } = explanation
  const verdict = stockout ? 'is said to run out' : 'is not said to run out'
  const lines = [
    `${where}: ${verdict} of ${nounOf(target)} (score ${score.toFixed(3)}, threshold ${threshold.toFixed(2)})`,
    `  chance: ${chanceText(explanation, calibration)}`,
  ]
  if (!why)
    return [...lines, '  why: the lake has no features of this station at that time any more'].join('\n')
  const weighty = why.reasons.filter((reason) => reason.weighty)
  const raising = weighty.filter(({ contribution }) => contribution > 0)
  const lowering = weighty.filter(({ contribution }) => contribution < 0)
  if (raising.length > 0) lines.push(`  raises the risk: ${sentence(raising)}`)
  if (lowering.length > 0) lines.push(`  lowers the risk: ${sentence(lowering)}`)
  const sums = why.reasons.map(({ group, contribution }) => `${group} ${signed(contribution)}`)
  lines.push(`  log-odds: base ${signed(why.base)}, ${sums.join(', ')} = ${signed(why.margin)}`)
  if (!why.exact)
    lines.push(
      `  not exact: the lake no longer gives the features that were sent; of today's the score is ${why.score.toFixed(3)}`,
    )
  return [...lines, `  model: ${why.model_version || model_version} (${variant})`].join('\n')
}

/** `5 bikes left, 4 fewer bikes than 15 minutes ago; weekday 8:40; neighbours are 8 % full and emptying` */
function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ parts }) => parts.map(partText).join(', ')).join('; ')
}

function partText(part: ReasonPart): string {
  switch (part.key) {
    case 'count_now':
      return `${counted(part.params.count, part.params.what)} left`
    case 'changed': {
      const { change, minutes, what } = part.params
      const size = Math.abs(change)
      return `${size} ${change < 0 ? 'fewer' : 'more'} ${nounOf(what, size)} than ${minutes} minutes ago`
    }
    case 'steady':
      return `as many ${nounOf(part.params.what)} as ${part.params.minutes} minutes ago`
    case 'mean':
      return `${part.params.mean} ${nounOf(part.params.what)} on average in the last ${part.params.minutes} minutes`
    case 'trend_unknown':
      return 'the last hour is not known'
    case 'neighbours': {
      const { level, what, direction } = part.params
      const percent = `${Math.round(level * 100)} %`
      const state = what === 'bikes' ? `${percent} full` : `${percent} free`
      return `neighbours are ${state}${direction === 'emptying' || direction === 'filling' ? ` and ${direction}` : ''}`
    }
    case 'neighbours_unknown':
      return 'the neighbours are not known'
    case 'time': {
      const { kind, weekday, hour, minute } = part.params
      const day = kind === 'weekend' ? DAYS[weekday] : kind
      return `${day} ${hour}:${String(minute).padStart(2, '0')}`
    }
    case 'weather': {
      const { sky, temp_c, wind_kph, precip_mm } = part.params
      return [
        sky && sky !== 'dry' ? `${sky}, ${precip_mm ?? '–'} mm an hour` : sky,
        temp_c === null ? null : `${Math.round(temp_c)} °C`,
        wind_kph === null ? null : `wind ${Math.round(wind_kph)} km/h`,
      ]
        .filter((text) => text !== null)
        .join(', ')
    }
    case 'weather_unknown':
      return 'the weather is not known'
    default:
      return ''
  }
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function chanceText({ chance }: Explanation, calibration: Calibration | undefined): string {
  if (!chance || !calibration) return 'not known, too few outcomes'
  const { low, high, samples } = chance
  return `${percentOf(chance.chance)} % (90 %: ${percentOf(low)} to ${percentOf(high)}; ${samples} predictions with such a score, of ${calibration.samples} outcomes of ${calibration.endpoint} from ${isoOf(calibration.from)} to ${isoOf(calibration.until)})`
}

const percentOf = (share: number): string => (share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 0)
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
const nounOf = (what: Target, count = 2): string =>
  what === 'bikes' ? (count === 1 ? 'bike' : 'bikes') : count === 1 ? 'free dock' : 'free docks'
const counted = (count: number, what: Target): string => `${count} ${nounOf(what, count)}`

import {
  judgeFrozen,
  judgeLag,
  judgePsi,
  judgeWeather,
  type HoursUntil,
  type JudgedLake,
} from '../../test/support/shift-table.ts'
import type { Platform } from '../../src/platform/ports.ts'

/** The bound of `feature-skew-warn`. */
const SKEW_BOUND = 0.02

/** What quiet weeks and planted shifts came to in a lake. */
export interface Verdict {
  readonly name: string
  readonly quietDays: number
  readonly psi: { readonly greatest: number; readonly feature: string }
  readonly frozen: number
  /** Null for a lake without weather. */
  readonly weather: number | null
  readonly lagShare: readonly [least: number, greatest: number]
  /** By shift. */
  readonly hours: Readonly<Record<string, HoursUntil>>
}

/** Judges the quiet weeks of a lake, and plants every shift in it at several times. */
export async function judgeLake(
  name: string,
  platform: Pick<Platform, 'store' | 'warehouse'>,
  lake: JudgedLake,
): Promise<Verdict> {
  const psi = await judgePsi(platform, lake)
  const frozen = await judgeFrozen(platform, lake)
  const lag = await judgeLag(platform, lake, SKEW_BOUND)
  const weather = await judgeWeather(platform, lake)
  const greatest = psi.quiet.toSorted((a, b) => b.psi - a.psi)[0]
  const hasWeather = Object.values(weather.changes).some((hours) => hours.some((found) => found !== null))
  return {
    name,
    quietDays: (lake.until - lake.quietFrom) / 86_400,
    psi: { greatest: greatest?.psi ?? Number.NaN, feature: greatest?.feature ?? '' },
    frozen: frozen.quietMax,
    weather: hasWeather ? weather.quiet : null,
    lagShare: lag.shareOfDay,
    hours: {
      'bikes counted in pairs → PSI ≥ 0.20': psi.inPairs,
      'every fifth station frozen → FrozenStations ≥ 0.10': frozen.aFifth,
      'roll15_net_bikes off by one slot → FeatureSkew > 0.02': lag.offByOne,
      ...(hasWeather
        ? Object.fromEntries(
            Object.entries(weather.changes).map(([change, hours]) => [
              `${change} → WeatherFaults > 0`,
              hours,
            ]),
          )
        : {}),
    },
  }
}

import type { WeatherHour } from '../../core/contracts/station.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { clamp, cosTurn, exp, log, round } from './arithmetic.ts'
import type { LocalClock } from './local-clock.ts'
import { Random } from './random.ts'

/** The source column of simulated weather. */
export const WEATHER_SOURCE = 'simulated'

/** An hour of simulated weather: nothing is missing. */
export type SimulatedHour = { readonly [K in keyof WeatherHour]: Exclude<WeatherHour[K], null> }

const YEAR_SECONDS = 365.2425 * DAY_SECONDS
/** 15 January, when the northern year is coldest. */
const COLDEST = 14 * DAY_SECONDS
/** Hours after which most of a deviation has gone. */
const MEMORY = { temperature: 40, pressure: 30, wind: 9, direction: 12, moisture: 7 }

/**
 * Hourly weather from `from` on, one hour after the other: first-order autoregressive deviations around the seasons and
 * the time of day, with rain where a latent moisture passes a threshold, and snow where it is then below freezing.
 */
export function* simulateWeather(
  seed: number,
  from: EpochSeconds,
  latitude: number,
  local: LocalClock,
): Generator<SimulatedHour, never> {
  const random = new Random(seed, 'weather')
  const keep = (hours: number): number => exp(-1 / hours)
  const next = (x: number, hours: number): number => {
    const rho = keep(hours)
    return rho * x + Math.sqrt(1 - rho * rho) * random.normal()
  }
  let temperature = random.normal()
  let pressure = random.normal()
  let wind = random.normal()
  let moisture = random.normal()
  let direction = random.normal()
  for (let hour = Math.floor(from / HOUR_SECONDS) * HOUR_SECONDS; ; hour += HOUR_SECONDS) {
    temperature = next(temperature, MEMORY.temperature)
    pressure = next(pressure, MEMORY.pressure)
    wind = next(wind, MEMORY.wind)
    moisture = next(moisture, MEMORY.moisture)
    direction = next(direction, MEMORY.direction)

    const south = latitude < 0 ? 0.5 : 0
    const season = -cosTurn((hour - COLDEST) / YEAR_SECONDS + south)
    const swing = cosTurn((local(hour).minute / 60 - 15) / 24)
    const stretch = Math.abs(latitude) / 45
    // Low pressure brings the wet; both come together in fronts.
    const wet = moisture * 0.85 - pressure * 0.53
    const raining = wet > 1.35
    const temp = clamp(
      27 - 17 * stretch + 11 * stretch * season + 4 * swing * (raining ? 0.4 : 1) + 3.5 * temperature,
      -45,
      48,
    )
    // Rain is log-normal in its excess: mostly under 2 mm, seldom over 10.
    const rain = raining ? clamp(exp(-1.1 + 1.5 * (wet - 1.35) + 0.7 * random.normal()), 0.1, 60) : 0
    const windKph = clamp(exp(log(11) + 0.42 * wind - 0.06 * pressure + (raining ? 0.15 : 0)), 0, 110)
    const turn = 0.65 + 0.16 * direction + 0.03 * random.normal()
    const snowing = rain > 0 && temp < 0.5
    yield {
      valid_at: hour,
      issued_at: hour,
      source: WEATHER_SOURCE,
      temp_c: round(temp, 1),
      precip_mm: round(rain, 1),
      wind_kph: round(windKph, 1),
      rhum_pct: Math.round(clamp(66 + 14 * wet - 9 * swing + (raining ? 12 : 0), 18, 100)),
      pres_hpa: round(clamp(1015 + 7.5 * pressure, 965, 1055), 1),
      wind_dir_deg: Math.round((turn - Math.floor(turn)) * 360) % 360,
      wind_gust_kph: round(clamp(windKph * (1.45 + 0.12 * Math.abs(random.normal())), 0, 180), 1),
      snow_mm: snowing ? round(rain, 1) : 0,
      weather_code: codeOf(rain, snowing, wet, temp),
    }
  }
}

/** How willing people are to ride in this weather, relative to a mild dry hour. */
export function ridersFactor(weather: SimulatedHour, leisure: boolean): number {
  const away = (weather.temp_c - 21) / (leisure ? 13 : 18)
  const mild = exp((-away * away) / 2)
  const rain = exp(-(leisure ? 0.9 : 0.6) * Math.min(1.5, Math.sqrt(weather.precip_mm)))
  const windy = exp(-0.012 * Math.max(0, weather.wind_kph - 18))
  return mild * rain * windy * (weather.snow_mm > 0 ? 0.5 : 1)
}

/** WMO 4677, the codes that Open-Meteo uses. */
function codeOf(rain: number, snowing: boolean, wet: number, temp: number): number {
  if (snowing) return rain < 0.5 ? 71 : rain < 2 ? 73 : 75
  if (rain > 8 && temp > 18) return 95
  if (rain > 4) return 65
  if (rain > 1) return 63
  if (rain > 0.4) return 61
  if (rain > 0) return 51
  if (wet > 1.2 && temp < 8) return 45
  return wet > 0.7 ? 3 : wet > 0.1 ? 2 : wet > -0.5 ? 1 : 0
}

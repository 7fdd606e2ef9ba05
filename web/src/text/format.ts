import type { Language } from '../state/parts.ts'
import { localeOf } from './define.ts'

/** What stands for a figure that is missing. */
export const MISSING = '–'

type Maybe = number | null | undefined

/** Figures, times and units in a language, times in a city's zone. A missing figure is "–", never 0. */
export interface Format {
  /** `digits` after the point, at most; without it as many as tell (0 for large numbers). */
  readonly number: (value: Maybe, digits?: number) => string
  /** Of a model, 0..1: always two digits, so that they stand under each other. */
  readonly score: (value: Maybe) => string
  /** A share 0..1 as per cent. */
  readonly percent: (value: Maybe, digits?: number) => string
  /** With its sign, also when it is above 0. */
  readonly signed: (value: Maybe, digits?: number) => string
  /** `08:40`, in the city's zone. */
  readonly time: (at: Maybe) => string
  /** `Tue 4 Nov, 08:40`. */
  readonly dateTime: (at: Maybe) => string
  /** `Tue 4 Nov`. */
  readonly date: (at: Maybe) => string
  /** The zone as people call it at that moment: `GMT-5`, `CET`. */
  readonly zone: (at: Maybe) => string
  /** `America/New York`. */
  readonly zoneName: string
  /** Seconds: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
  readonly duration: (seconds: Maybe) => string
  /** Seconds from a moment until now: `12 min ago`. */
  readonly ago: (seconds: Maybe) => string
  /** Metres: `350 m`, `1.2 km`. */
  readonly distance: (metres: Maybe) => string
  readonly bytes: (value: Maybe) => string
  /** A number with its unit: `ms`, `%`, `count`, … as charts name them. */
  readonly unit: (value: Maybe, unit: string) => string
  readonly temperature: (celsius: Maybe) => string
  readonly money: (value: Maybe, currency: string) => string
}

const given = (value: Maybe): value is number =>
  value !== null && value !== undefined && Number.isFinite(value)

function digitsThatTell(value: number): number {
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 100) return 0
  return size >= 10 ? 1 : size >= 1 ? 2 : 3
}

/** @param timezone IANA name; an unknown one is shown as UTC. */
export function formatOf(lang: Language, timezone: string): Format {
  const locale = localeOf(lang)
  const timeZone = knownZone(timezone)
  const hour: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }
  const day: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short', timeZone }
  const times = new Intl.DateTimeFormat(locale, hour)
  const dates = new Intl.DateTimeFormat(locale, day)
  const dateTimes = new Intl.DateTimeFormat(locale, { ...day, ...hour })
  const zones = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' })
  const numbers = new Map<string, Intl.NumberFormat>()
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options)
    const known = numbers.get(key) ?? new Intl.NumberFormat(locale, options)
    numbers.set(key, known)
    return known
  }
  const write = (value: Maybe, options: Intl.NumberFormatOptions): string =>
    given(value) ? numberFormat(options).format(value) : MISSING
  const moment = (format: Intl.DateTimeFormat) => (at: Maybe) =>
    given(at) ? format.format(at * 1000) : MISSING
  const number = (value: Maybe, digits?: number): string =>
    write(value, { maximumFractionDigits: digits ?? (given(value) ? digitsThatTell(value) : 0) })
  const of = (value: number, unit: string, digits = 0): string =>
    numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
  const percent = (value: Maybe, digits = 0): string =>
    write(value, { style: 'percent', maximumFractionDigits: digits, minimumFractionDigits: digits })
  const bytes = (value: Maybe): string => {
    if (!given(value)) return MISSING
    const step = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)))
    const unit = ['byte', 'kilobyte', 'megabyte', 'gigabyte'][step] ?? 'byte'
    return of(value / 1000 ** step, unit, step === 0 ? 0 : 1)
  }
  const distance = (metres: Maybe): string => {
    if (!given(metres)) return MISSING
    return metres < 995 ? of(Math.round(metres / 10) * 10, 'meter') : of(metres / 1000, 'kilometer', 1)
  }
  const duration = (seconds: Maybe): string => {
    if (!given(seconds)) return MISSING
    const [d, h, m, s] = parts(Math.abs(seconds))
    if (d > 0) return [of(d, 'day'), ...(h > 0 ? [of(h, 'hour')] : [])].join(' ')
    if (h > 0) return [of(h, 'hour'), ...(m > 0 ? [of(m, 'minute')] : [])].join(' ')
    return m > 0 ? of(m, 'minute') : of(s, 'second')
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
  const justNow = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const ago = (seconds: Maybe): string => {
    if (!given(seconds)) return MISSING
    if (Math.abs(seconds) < 5) return justNow.format(0, 'second')
    const [unit, size] = relativeUnit(Math.abs(seconds))
    return relative.format(-Math.round(seconds / size), unit)
  }
  const unit = (value: Maybe, name: string): string => {
    if (!given(value)) return MISSING
    const write = UNITS[name.toLowerCase()]
    return write === undefined ? `${number(value)}${name === '' ? '' : `\u00a0${name}`}` : write(value)
  }
  const UNITS: Readonly<Record<string, (value: number) => string>> = {
    count: (value) => number(value),
    none: (value) => number(value),
    '1': (value) => number(value),
    percent: (value) => percent(value / 100, 1),
    '%': (value) => percent(value / 100, 1),
    share: (value) => percent(value, 1),
    milliseconds: (value) => of(value, 'millisecond', digitsThatTell(value)),
    ms: (value) => of(value, 'millisecond', digitsThatTell(value)),
    microseconds: (value) => of(value / 1000, 'millisecond', digitsThatTell(value / 1000)),
    seconds: duration,
    s: duration,
    bytes,
  }
  return {
    number,
    score: (value) => write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    percent,
    signed: (value, digits) =>
      write(value, { signDisplay: 'exceptZero', maximumFractionDigits: digits ?? 1 }),
    time: moment(times),
    date: moment(dates),
    dateTime: moment(dateTimes),
    zone: (at) =>
      zones.formatToParts((at ?? 0) * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC',
    zoneName: timeZone.replaceAll('_', ' '),
    duration,
    ago,
    distance,
    bytes,
    unit,
    temperature: (celsius) => (given(celsius) ? of(celsius, 'celsius', 0) : MISSING),
    money: (value, currency) => write(value, { style: 'currency', currency }),
  }
}

function knownZone(timezone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone }).format(0)
    return timezone
  } catch {
    return 'UTC'
  }
}

function parts(seconds: number): [number, number, number, number] {
  const whole = Math.round(seconds)
  return [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60]
}

function relativeUnit(seconds: number): [Intl.RelativeTimeFormatUnit, number] {
  if (seconds < 60) return ['second', 1]
  if (seconds < 5_400) return ['minute', 60]
  return seconds < 172_800 ? ['hour', 3600] : ['day', 86_400]
}

const HOUR = 3600
const STEPS = [
  300,
  900,
  1800,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
  168 * HOUR,
]

/** Seconds that a zone's clocks are ahead of UTC at a moment. */
export function zoneOffset(at: number, timezone: string): number {
  const parts = formatter(timezone).formatToParts(at * 1000)
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0)
  const local =
    Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) / 1000
  return local - Math.floor(at)
}

const formatters = new Map<string, Intl.DateTimeFormat>()
function formatter(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timezone, made)
  return made
}

export interface Tick {
  readonly at: number
  /** Begins a day of the zone. */
  readonly midnight: boolean
}

/** Round local times between two moments (epoch seconds), at most `most` of them, also where clocks change. */
export function timeTicks(from: number, to: number, timezone: string, most: number): Tick[] {
  const step =
    STEPS.find((size) => (to - from) / size <= most) ?? Math.ceil((to - from) / most / 86_400) * 86_400
  const ticks: Tick[] = []
  const firstLocal = Math.ceil((from + zoneOffset(from, timezone)) / step) * step
  for (let local = firstLocal; ; local += step) {
    const guess = local - zoneOffset(from, timezone)
    const at = local - zoneOffset(guess, timezone)
    if (at > to) return ticks
    if (at >= from && at !== ticks.at(-1)?.at) ticks.push({ at, midnight: local % 86_400 === 0 })
  }
}

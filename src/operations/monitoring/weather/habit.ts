/** Known values an hour of the day must have in the history, on average, for a habit to be told. */
const LEAST_HOURS = 7 * 24
/** Degrees of freedom of the innovations: weather jumps now and then. */
const FREEDOM = 8

/** One hour's value; null when it is missing. */
export interface HourValue {
  /** Epoch seconds of the hour. */
  readonly at: number
  readonly value: number | null
}

/**
 * How a quantity usually goes on from one hour to the next: around its mean of the hour of the day, with a memory of one
 * hour (first-order autoregression) and innovations of Student's t. Values are on a scale on which innovations are alike.
 */
export interface Habit {
  /** Logarithm of the density of a value, given the one of the hour before (null when that is missing). */
  logDensity(at: number, value: number, before: number | null): number
  /** Least and greatest value seen. */
  readonly range: readonly [number, number]
}

/** Learns the habit of hourly values; undefined when fewer than a week's hours are known, or nothing ever changed. */
export function learnHabit(hours: readonly HourValue[]): Habit | undefined {
  const known = hours.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
  if (known.length < LEAST_HOURS) return undefined
  const all = mean(known.map(({ value }) => value))
  const means = Array.from({ length: 24 }, (_, hour) => {
    const ofHour = known.filter(({ at }) => hourOf(at) === hour).map(({ value }) => value)
    return ofHour.length === 0 ? all : mean(ofHour)
  })
  const rest = (at: number, value: number): number => value - (means[hourOf(at)] ?? all)
  const pairs = known.flatMap((hour, i) => {
    const before = known[i - 1]
    return before?.at === hour.at - 3600
      ? [[rest(before.at, before.value), rest(hour.at, hour.value)] as const]
      : []
  })
  const power = pairs.reduce((sum, [before]) => sum + before * before, 0)
  if (power === 0) return undefined
  const memory = Math.min(
    0.99,
    Math.max(0, pairs.reduce((sum, [before, now]) => sum + before * now, 0) / power),
  )
  const innovations = pairs.map(([before, now]) => Math.abs(now - memory * before)).sort((a, b) => a - b)
  // The mean keeps a quantity that mostly stands still from having a scale of nothing.
  const scale = Math.max(1.4826 * (innovations[innovations.length >> 1] ?? 0), mean(innovations))
  if (scale === 0) return undefined
  const values = known.map(({ value }) => value)
  return {
    range: [Math.min(...values), Math.max(...values)],
    logDensity(at, value, before) {
      return before === null
        ? logStudent(rest(at, value), scale / Math.sqrt(1 - memory * memory))
        : logStudent(rest(at, value) - memory * rest(at - 3600, before), scale)
    },
  }
}

/** Up to a constant. */
function logStudent(x: number, scale: number): number {
  return -Math.log(scale) - ((FREEDOM + 1) / 2) * Math.log(1 + (x / scale) ** 2 / FREEDOM)
}

const hourOf = (at: number): number => Math.floor(at / 3600) % 24
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

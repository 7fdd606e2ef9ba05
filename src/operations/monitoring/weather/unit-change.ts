import { learnHabit, type Habit, type HourValue } from './habit.ts'
import type { OtherUnit, UnitTest } from './units.ts'

const HOUR = 3600
const DAY = 24 * HOUR
/** The change is looked for this far back: from then on the new values are the habit. */
const LOOK_BACK = 7 * DAY
/** Hours that must be known since the change. */
const LEAST_SINCE = 3
/**
 * How much likelier (natural logarithm) the values must be as of another unit. The greatest that chance came to in eight
 * simulated weeks and a recorded month of New York was below 8.
 */
const LEAST_EVIDENCE = 10

/** A change of unit by all appearance. */
export interface UnitChange {
  readonly unit: string
  /** First hour in the other unit. */
  readonly since: number
  /** Logarithm of how much likelier the values are in it. */
  readonly evidence: number
}

/**
 * Whether a column's hourly values (oldest first) seem to have gone over to another unit within the last seven days: the
 * values since some hour are much likelier, by the habit of the weeks before, once they are converted. Undefined when not, or
 * when there is no week of history. A step that no unit explains is weather.
 */
export function unitChange(test: UnitTest, hours: readonly HourValue[]): UnitChange | undefined {
  const [first, last] = [hours[0]?.at, hours.at(-1)?.at]
  if (first === undefined || last === undefined) return undefined
  const from = Math.max(last - LOOK_BACK, first + LOOK_BACK)
  const scaled = (value: number | null): number | null => (value === null ? null : test.scale(value))
  const habit = learnHabit(
    hours.filter(({ at }) => at < from).map(({ at, value }) => ({ at, value: scaled(value) })),
  )
  if (habit === undefined) return undefined
  const changes = test.others.flatMap((unit) => bestSince(test, unit, habit, hours, from) ?? [])
  return changes.sort((a, b) => b.evidence - a.evidence)[0]
}

function bestSince(
  test: UnitTest,
  unit: OtherUnit,
  habit: Habit,
  hours: readonly HourValue[],
  from: number,
): UnitChange | undefined {
  let best: UnitChange | undefined
  // From the newest hour back: the evidence of the hours after a change adds up, and the step itself is counted once.
  let after = 0
  let known = 0
  for (let i = hours.length - 1; i > 0; i--) {
    const hour = hours[i]
    const before = hours[i - 1]
    if (!hour || hour.at < from) break
    if (hour.value === null) continue
    const previous = before?.at === hour.at - HOUR ? before.value : null
    const converted = unit.convert(hour.value)
    const jacobian = Math.log((unit.slope * test.scaleSlope(converted)) / test.scaleSlope(hour.value))
    const asIs = habit.logDensity(
      hour.at,
      test.scale(hour.value),
      previous === null ? null : test.scale(previous),
    )
    const inUnit = (last: number | null): number =>
      habit.logDensity(hour.at, test.scale(converted), last === null ? null : test.scale(last)) + jacobian
    known++
    const evidence = after + inUnit(previous) - asIs
    if (known >= LEAST_SINCE && evidence >= LEAST_EVIDENCE && evidence > (best?.evidence ?? 0))
      best = { unit: unit.name, since: hour.at, evidence }
    after += inUnit(previous === null ? null : unit.convert(previous)) - asIs
  }
  return best
}

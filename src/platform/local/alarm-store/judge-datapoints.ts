import type { MetricAlarm, StateValue } from '../../../core/contracts/cloudwatch.ts'

/** How one datapoint stands to the threshold. */
export type Standing = 'breaching' | 'within' | 'missing'

/** What an evaluation range comes to. */
export interface Judgement {
  /** Undefined keeps the state as it is. */
  readonly state: StateValue | undefined
  /** Real datapoints that were counted, as positions in the range. */
  readonly counted: readonly number[]
  readonly breaching: number
  /** Missing ones that had to stand in for real ones. */
  readonly filled: number
}

type Rule = Pick<MetricAlarm, 'EvaluationPeriods' | 'DatapointsToAlarm' | 'TreatMissingData'>

/**
 * State of an M-of-N alarm from its evaluation range, oldest first, by CloudWatch's documented rules ("Configuring how
 * CloudWatch alarms treat missing data"): the newest N real datapoints decide when there are that many; else missing ones
 * fill the rest, as few as needed, as TreatMissingData says.
 */
export function judgeDatapoints(range: readonly Standing[], alarm: Rule): Judgement {
  const { EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: treat } = alarm
  const real = range.flatMap((standing, i) => (standing === 'missing' ? [] : [i]))
  const counted = real.slice(-n)
  const breaching = counted.filter((i) => range[i] === 'breaching').length
  const filled = n - counted.length
  const found = { counted, breaching, filled }
  if (breaching >= m) return { ...found, state: 'ALARM' }
  if (filled === 0) return { ...found, state: 'OK' }
  switch (treat) {
    case 'breaching':
      return { ...found, state: breaching + filled >= m ? 'ALARM' : 'OK' }
    case 'notBreaching':
      return { ...found, state: 'OK' }
    case 'ignore':
      return { ...found, state: breaching < counted.length ? 'OK' : undefined }
    default:
      if (counted.length === 0) return { ...found, state: 'INSUFFICIENT_DATA' }
      if (breaching < counted.length) return { ...found, state: 'OK' }
      return { ...found, state: isOldEnough(range, counted[0], m) ? 'ALARM' : undefined }
  }
}

/**
 * A lone breach is believed once it is M periods old and nothing spoke against it; until then the state stays, since the next
 * datapoint may be within the threshold.
 */
function isOldEnough(range: readonly Standing[], oldest: number | undefined, m: number): boolean {
  return oldest !== undefined && range.length - oldest >= m
}

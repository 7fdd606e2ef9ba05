import type { AlarmDescription } from '../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { SLOW_BURN_SECONDS } from './objectives.ts'

/** A quality warning that has stood for too long: open an incident. */
export interface SlowBurn {
  readonly alarm: string
  readonly since: EpochSeconds
  readonly seconds: number
}

/** The endpoint's quality warnings that have been in ALARM for over two hours at `now`. */
export function slowBurns(
  alarms: readonly AlarmDescription[],
  endpoint: string,
  now: EpochSeconds,
): SlowBurn[] {
  const prefix = `${endpoint.replace(/^bikeshare-/, '')}-quality-`
  return alarms.flatMap(({ alarm, StateValue, StateUpdatedTimestamp: since }) =>
    StateValue === 'ALARM' && alarm.AlarmName.startsWith(prefix) && now - since > SLOW_BURN_SECONDS
      ? [{ alarm: alarm.AlarmName, since, seconds: now - since }]
      : [],
  )
}

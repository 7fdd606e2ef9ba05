import { BATCH_SECONDS, batchFloor, isoOf, type EpochSeconds } from '../../core/time.ts'
import { lakeStatus, type LakeStatus } from '../../data/lake/status.ts'
import { openAlarms, type AlarmView } from '../../operations/alarms/open-alarms.ts'
import type { Platform } from '../../platform/ports.ts'
import { spanText } from '../cli/table.ts'
import { endpointStatus, type EndpointStatus } from './endpoint-status.ts'
import { schedulerStatus, type SchedulerStatus } from './scheduler-status.ts'

/** A feed that is older than this is late, in seconds. */
const LATE_FEED_SECONDS = 900
/** An endpoint that predicted nothing for this long is late: two batches, and their half hour. */
const LATE_BATCH_SECONDS = 3 * BATCH_SECONDS

/** Everything that one screen tells. */
export interface WholeStatus {
  readonly now: EpochSeconds
  readonly lake: LakeStatus
  readonly endpoints: readonly EndpointStatus[]
  readonly scheduler: SchedulerStatus
  readonly alarms: {
    readonly count: number
    readonly in_alarm: readonly { name: string; reason: string; since: EpochSeconds; silenced: boolean }[]
  }
  /** What is late or wrong, in words; empty when all is well. */
  readonly late: readonly string[]
}

/** Looks at the whole of a lake as of `now`. NOT_FOUND when there is none. */
export async function wholeStatus(
  platform: Platform,
  o: { readonly city: string; readonly now: EpochSeconds; readonly wall: EpochSeconds },
): Promise<WholeStatus> {
  const { city, now } = o
  const lake = await lakeStatus(platform, { city, now })
  const endpoints = await endpointStatus(platform, { city, now })
  const scheduler = await schedulerStatus(platform.store, o)
  const alarms = await openAlarms(platform, now)
  const in_alarm = alarms.filter(({ StateValue }) => StateValue === 'ALARM').map(inAlarm)
  const late = [
    ...feedLate(lake),
    ...endpoints.flatMap((endpoint) => endpointLate(endpoint, now)),
    ...scheduler.late,
    ...in_alarm
      .filter(({ silenced }) => !silenced)
      .map(({ name, since, reason }) => `${name} is in ALARM since ${isoOf(since)}: ${reason}`),
  ]
  return { now, lake, endpoints, scheduler, alarms: { count: alarms.length, in_alarm }, late }
}

function inAlarm(alarm: AlarmView): WholeStatus['alarms']['in_alarm'][number] {
  const { name, StateReason: reason, StateUpdatedTimestamp: since, silence } = alarm
  return { name, reason, since, silenced: silence !== null }
}

/** Why a feed is late, in words; nothing when it is not. */
export function feedLate({ age_seconds }: Pick<LakeStatus, 'age_seconds'>): string[] {
  if (age_seconds === null) return ['no status at all yet']
  return age_seconds > LATE_FEED_SECONDS ? [`the newest snapshot is ${spanText(age_seconds)} old`] : []
}

/** Why an endpoint is late, in words; nothing when it is not. */
export function endpointLate(
  { endpoint, status, last_batch }: Pick<EndpointStatus, 'endpoint' | 'status' | 'last_batch'>,
  now: EpochSeconds,
): string[] {
  if (status !== 'InService') return [`${endpoint} is ${status}`]
  if (last_batch === null) return [`${endpoint} predicted nothing in 24 h`]
  return batchFloor(now) - last_batch > LATE_BATCH_SECONDS
    ? [`${endpoint} predicted last at ${isoOf(last_batch)}`]
    : []
}

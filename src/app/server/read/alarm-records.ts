import type { AlarmDescription, AlarmHistoryItem } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

/** What the alarms are at the newest moment, and all that the alarm store remembers of them. */
export interface AlarmRecords {
  /** Changes when any of it may have. */
  readonly token: string
  readonly described: readonly AlarmDescription[]
  /** Oldest first. */
  readonly history: readonly AlarmHistoryItem[]
}

/** Alarms are looked at anew once a minute where no file of the lake tells of a change. */
const STEP_SECONDS = 60
/** An alarm's history is kept this long by CloudWatch, and looked at no further here. */
const HISTORY_SECONDS = 30 * DAY_SECONDS

/** The alarms of the lake. History is of the 30 days to now, and to `at` where that is earlier. */
export async function alarmRecords(
  source: CitySource,
  at: EpochSeconds = source.now(),
): Promise<AlarmRecords> {
  const { store, alarms } = source.platform
  const now = source.now()
  const token = `${Math.floor(now / STEP_SECONDS)}\n${tokenOf(await listed(store, 'alarms/alarms.json'))}`
  const day = Math.floor(Math.min(at, now) / DAY_SECONDS) * DAY_SECONDS
  return kept(cacheOf(source).lists, `alarms/${day}`, token, async () => ({
    token,
    described: await alarms.describeAlarms(),
    history: await alarms.describeAlarmHistory({ from: day - HISTORY_SECONDS, to: now }),
  }))
}

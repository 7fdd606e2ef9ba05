import { OperatorError } from './errors.ts'

/** Seconds since 1970-01-01T00:00:00Z; every time inside the system is one of these. */
export type EpochSeconds = number

/** Tells the time; only main makes one that looks at the machine's. */
export type Clock = () => EpochSeconds

/** The feature grid: one slot every 5 minutes, UTC. */
export const SLOT_SECONDS = 300
/** One prediction batch every 10 minutes, UTC. */
export const BATCH_SECONDS = 600
/** The prediction horizon: 30 minutes. */
export const HORIZON_SECONDS = 1800
/** The state of a slot is a snapshot at most this old. */
export const STATE_MAX_AGE_SECONDS = 900
/** The online window reaches back this far for slots (13 slots, t-60 min .. t). */
export const WINDOW_SECONDS = 3600
export const HOUR_SECONDS = 3600
export const DAY_SECONDS = 86_400

/** The 10-minute batch slot at or before `t`. */
export const batchFloor = (t: EpochSeconds): EpochSeconds => Math.floor(t / BATCH_SECONDS) * BATCH_SECONDS
/** 00:00 UTC of the day of `t`. */
export const dayFloor = (t: EpochSeconds): EpochSeconds => Math.floor(t / DAY_SECONDS) * DAY_SECONDS

/** `2023-04-03`: the UTC day of `t`, the `ds` of a partition. */
export function dsOf(t: EpochSeconds): string {
  return new Date(t * 1000).toISOString().slice(0, 10)
}

/** 00:00 UTC of a `ds`. */
export function parseDs(ds: string): EpochSeconds {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(ds) ? Date.parse(`${ds}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms))
    throw new OperatorError('BAD_INPUT', `"${ds}" is not a day`, 'Write it as YYYY-MM-DD.')
  return ms / 1000
}

/** Every `ds` that `[from, to]` touches, in order. */
export function dsRange(from: EpochSeconds, to: EpochSeconds): string[] {
  const days: string[] = []
  for (let day = dayFloor(from); day <= to; day += DAY_SECONDS) days.push(dsOf(day))
  return days
}

/** `2023-04-03-00-23-53`: UTC to the second, the `dt` of a raw key, a batch and a feature row. */
export function dtOf(t: EpochSeconds): string {
  return new Date(t * 1000).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '-')
}

/** The time of a `dt`; undefined when the text is not one. */
export function parseDt(dt: string): EpochSeconds | undefined {
  const m = /^(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2})$/.exec(dt)
  if (!m) return undefined
  const ms = Date.parse(`${m[1]}T${m[2]}:${m[3]}:${m[4]}Z`)
  return Number.isNaN(ms) ? undefined : ms / 1000
}

/** `2023-04-03T00:23:53Z`. */
export function isoOf(t: EpochSeconds): string {
  return new Date(t * 1000).toISOString().replace('.000Z', 'Z')
}

/**
 * A time as a person types it: ISO 8601 with `Z` or an offset, a bare UTC date or date-time, `dt`, or epoch seconds.
 * Throws USAGE naming `what` when it is none of these.
 */
export function parseTime(text: string, what = 'time'): EpochSeconds {
  const asDt = parseDt(text)
  if (asDt !== undefined) return asDt
  if (/^\d{9,11}$/.test(text)) return Number(text)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseDs(text)
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text)) {
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`
    const ms = Date.parse(zoned.replace(' ', 'T'))
    if (!Number.isNaN(ms)) return Math.floor(ms / 1000)
  }
  throw new OperatorError('USAGE', `${what}: "${text}" is not a time`, 'Write it as 2023-05-14T12:00:00Z.')
}

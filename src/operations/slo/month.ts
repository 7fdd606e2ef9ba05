import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** A calendar month, UTC: `[from, until)`. */
export interface Month {
  /** `2026-11` */
  readonly name: string
  readonly from: EpochSeconds
  readonly until: EpochSeconds
}

/** The month of a time. */
export function monthOf(t: EpochSeconds): Month {
  const date = new Date(t * 1000)
  return monthFrom(date.getUTCFullYear(), date.getUTCMonth())
}

/** The month that `2026-11` names. USAGE when it is none. */
export function parseMonth(text: string): Month {
  const match = /^(\d{4})-(\d{2})$/.exec(text)
  const index = Number(match?.[2]) - 1
  if (!match || index < 0 || index > 11)
    throw new OperatorError('USAGE', `"${text}" is not a month`, 'Write it as 2026-11.')
  return monthFrom(Number(match[1]), index)
}

function monthFrom(year: number, index: number): Month {
  const from = Date.UTC(year, index) / 1000
  return {
    name: new Date(from * 1000).toISOString().slice(0, 7),
    from,
    until: Date.UTC(year, index + 1) / 1000,
  }
}

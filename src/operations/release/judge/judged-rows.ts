import { CANDIDATE, type Release, type ReleaseEndpoint } from '../../../core/contracts/release.ts'
import { HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { scoredRows } from '../../../model/prediction/scored-rows.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { SplitRow } from './split-evidence.ts'
import { shadowRows } from './shadow-rows.ts'

/** One prediction of the candidate or the baseline, and what came. */
export interface JudgedRow extends SplitRow {
  readonly slot: EpochSeconds
  readonly station: string
  readonly score: number
  readonly label: number
  readonly count: number
}

/** Counts now at which a step ends: rows of one step are about as likely to run out, whoever scores them. */
const STEPS = [0, 1, 2, 3, 4, 6, 9, 14] as const

/** What persistence says of a row, in a few steps, and what came of it. */
export function cellOf(count: number, label: number): number {
  const step = STEPS.findIndex((most) => count <= most)
  return 2 * (step < 0 ? STEPS.length : step) + label
}

/** What a release is judged by. */
export interface Judged {
  /** Rows since it began, of both sides, whose outcome is known. */
  readonly rows: readonly JudgedRow[]
  /** Answers of a shadow that are no score. */
  readonly invalid: number
}

/** Reads what is known of a release at `now`. */
export async function judgedRows(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  release: Release,
  endpoint: ReleaseEndpoint,
  now: EpochSeconds,
): Promise<Judged> {
  const from = release.timeline[0]?.at ?? release.since
  // Before its time an outcome may be told already, by a state that is not the last one.
  const until = now - HORIZON_SECONDS + 1
  const range = { city: release.city, endpoint: endpoint.endpoint, from, until }
  const candidateVersion = endpoint.candidate.model_version
  const baselineVersion = endpoint.from?.variants[0]?.model_version
  // What a shadow says is heard at once.
  const shadow =
    release.strategy.type === 'shadow' ? await shadowRows(platform, { ...range, until: now + 1 }) : undefined
  if (until <= from) return { rows: [], invalid: shadow?.invalid ?? 0 }
  const rows: JudgedRow[] = []
  for await (const row of scoredRows(platform, range)) {
    const { station_id: station, slot, label, count_now: count } = row
    const judged = (score: number, candidate: boolean): JudgedRow => ({
      slot,
      station,
      score,
      label,
      count,
      cell: cellOf(count, label),
      loss: (score - label) ** 2,
      candidate,
    })
    const own = row.variant === CANDIDATE
    if (row.model_version === (own ? candidateVersion : baselineVersion)) rows.push(judged(row.score, own))
    const copied = shadow?.scores.get(`${slot}/${station}`)
    if (copied !== undefined) rows.push(judged(copied, true))
  }
  return { rows, invalid: shadow?.invalid ?? 0 }
}

import type { EpochSeconds } from '../../../core/time.ts'
import type { Gap } from '../../../data/lake/gaps.ts'

/**
 * Whose a gap is: `feed` was fetched and had nothing new, or was refused; `network`: it was asked for and could not be had;
 * `ours`: nobody asked. `unknown` where the lake does not record what was asked, as after an import.
 */
export type GapCause = 'feed' | 'network' | 'ours' | 'unknown'

/** An attempt to ingest: 1 when it was refused or could not be had. */
export interface Attempt {
  readonly at: EpochSeconds
  readonly attempts: number
  readonly failures: number
}

/** At a fetch every 120 s at the latest, a gap with fewer than a quarter of the attempts was mostly nobody asking. */
const LONGEST_WAIT_SECONDS = 120
const LEAST_ASKED = 0.25

/** The cause of a gap, by what most of the attempts within it came to. */
export function gapCause(gap: Gap, attempts: readonly Attempt[] | null, refused: number): GapCause {
  if (attempts === null) return 'unknown'
  // The fetch that got the snapshot before the gap, and the one that ended it, are no part of it.
  const within = attempts.filter(({ at }) => at > gap.from + LONGEST_WAIT_SECONDS && at < gap.to)
  const asked = within.reduce((sum, attempt) => sum + attempt.attempts, 0)
  const failed = within.reduce((sum, attempt) => sum + attempt.failures, 0)
  if (asked < (LEAST_ASKED * gap.seconds) / LONGEST_WAIT_SECONDS) return 'ours'
  return Math.max(0, failed - refused) > asked / 2 ? 'network' : 'feed'
}

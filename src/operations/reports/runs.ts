import type { EpochSeconds } from '../../core/time.ts'

/** A stretch `[from, to)` of slots without a hole. */
export interface Run {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** Joins slots, ascending, that follow each other within `step` seconds. */
export function runsOf(slots: readonly EpochSeconds[], step: number): Run[] {
  const runs: { from: EpochSeconds; to: EpochSeconds }[] = []
  for (const slot of slots) {
    const last = runs.at(-1)
    if (last && slot <= last.to) last.to = slot + step
    else runs.push({ from: slot, to: slot + step })
  }
  return runs
}

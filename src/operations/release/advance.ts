import type { Release } from '../../core/contracts/release.ts'
import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ReleasePlatform } from './apply-step.ts'
import { stepsOf } from './plan.ts'
import { activeRelease } from './release-store.ts'
import { stepRelease } from './step-release.ts'

/** Why a release cannot go to its next step by hand; null when it can. */
export function whyNotAdvance(release: Release | undefined): string | null {
  if (!release) return 'no release is under way'
  const name = `the ${release.kind} ${release.id}`
  if (release.strategy.type !== 'ab' && release.strategy.type !== 'shadow')
    return `${name} is ${release.strategy.type}: the endpoint host takes its steps by itself`
  if (release.phase !== 'baking') return `${name} is ${release.phase}, not being watched`
  return release.step + 1 < stepsOf(release.strategy, release.alarms).length
    ? null
    : `${name} is at its last step`
}

/**
 * Takes the A/B or shadow that is under way to its next step before its time, whatever its watch says, and gives the release
 * as it is then: the next step is watched as any other. Who and why stand in its timeline. CHECK_FAILED when there is no
 * step that waits.
 */
export async function advanceRelease(
  platform: ReleasePlatform,
  { by, why, now }: { readonly by: string; readonly why: string; readonly now: EpochSeconds },
): Promise<Release> {
  const active = (await activeRelease(platform.store))?.release
  const refused = whyNotAdvance(active)
  if (!active || refused !== null)
    throw new OperatorError('CHECK_FAILED', refused ?? 'no release is under way', 'See `bikeshare history`.')
  const from = active.step
  const stepped = await stepRelease(platform, {
    now,
    // The steps after this one are for the watch again.
    analyse: async (release) =>
      release.id === active.id && release.step === from
        ? { verdict: 'go', reasons: [`sent on by ${by}: ${why}`] }
        : { verdict: 'wait', reasons: [] },
  })
  return stepped ?? active
}

import type { Release, ReleaseEndpoint } from '../../core/contracts/release.ts'
import { messageOf } from '../../core/errors.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { setAlias } from '../../model/registry/registry.ts'
import { callUpdate, lookAt, recordServed, type Reached, type ReleasePlatform } from './apply-step.ts'
import { mirrorPackages, versionsOf } from './mirror-packages.ts'
import { goalOf, stepsOf, type Step } from './plan.ts'
import { activeRelease, hasEnded, writeRelease } from './release-store.ts'
import { revertEndpoint } from './revert.ts'

/** What the watching of a candidate comes to: go on, go on watching, or go back, and why. */
export interface Analysis {
  readonly verdict: 'go' | 'wait' | 'rollback'
  readonly reasons: readonly string[]
}

export interface StepOptions {
  readonly now: EpochSeconds
  /** Watches the candidate in a step of an A/B or a shadow. */
  readonly analyse: (release: Release, now: EpochSeconds) => Promise<Analysis>
  /** Told of what went wrong beside the release. */
  readonly report?: Pick<Reporter, 'warn'>
}

/** Actions of one call; enough for any release, so that one that goes round in circles ends. */
const MOST_ACTIONS = 200

/**
 * Goes on with the release that is under way as far as it goes without waiting, and gives it; undefined when there is none.
 * What is to be done is recorded before it is done, and every action may be repeated: any process may go on where another
 * stopped, and two at once end as one.
 */
export async function stepRelease(platform: ReleasePlatform, o: StepOptions): Promise<Release | undefined> {
  let stored = await activeRelease(platform.store)
  for (let action = 0; stored && action < MOST_ACTIONS; action++) {
    if (hasEnded(stored.release)) return stored.release
    const next: Release | undefined = await advance(platform, stored.release, o)
    if (!next) return stored.release
    stored = (await writeRelease(platform.store, stored, next)) ?? (await activeRelease(platform.store))
  }
  return stored?.release
}

/** The release after its next action; undefined when there is nothing to do now. */
async function advance(
  platform: ReleasePlatform,
  release: Release,
  o: StepOptions,
): Promise<Release | undefined> {
  const { now, report = silentReporter } = o
  if (release.phase === 'acting') return act(platform, release, now)
  if (release.phase === 'finishing') return finish(platform, release, now, report)
  if (release.phase === 'reverting') return revert(platform, release, now, report)
  if (release.phase !== 'baking') return undefined
  // Otherwise it would be watched until the clock is there again.
  if (release.since > now) return { ...said(release, 'the clock was set back', now), since: now }
  const { verdict, reasons } = await o.analyse(release, now)
  if (verdict === 'wait') return undefined
  if (verdict === 'rollback') return goingBack(release, reasons.join('; '), now)
  return nextStep(release, `the candidate holds: ${reasons.join('; ')}`, now)
}

async function act(
  platform: ReleasePlatform,
  release: Release,
  now: EpochSeconds,
): Promise<Release | undefined> {
  const step = stepOf(release)
  const reached: { endpoint: ReleaseEndpoint; at: Reached }[] = []
  for (const endpoint of release.endpoints) {
    try {
      reached.push({ endpoint, at: await lookAt(platform, release, endpoint, step) })
    } catch (error) {
      return goingBack(release, `${endpoint.endpoint}: ${messageOf(error)}`, now)
    }
  }
  const refused = reached.find(({ at }) => at.state === 'refused')
  if (refused?.at.state === 'refused')
    return goingBack(release, `${refused.endpoint.endpoint}: ${refused.at.why}`, now)
  for (const { endpoint, at } of reached) {
    if (at.state !== 'to_call') continue
    if (endpoint.changed_before !== at.changedBefore)
      return withEndpoint(release, { ...endpoint, changed_before: at.changedBefore })
    try {
      await callUpdate(platform, release, endpoint, step)
    } catch (error) {
      return goingBack(release, `${endpoint.endpoint}: ${messageOf(error)}`, now)
    }
    return withEndpoint(release, { ...endpoint, called: true })
  }
  if (reached.some(({ at }) => at.state !== 'there')) return undefined
  for (const endpoint of release.endpoints) {
    const goal = goalOf(release, endpoint, step)
    await recordServed(platform, release, endpoint, goal, release.step === 0 ? release.kind : 'ramp', now)
  }
  if (step.kind === 'whole')
    return { ...said(release, 'the candidate serves alone', now), phase: 'finishing' }
  const what =
    step.kind === 'split' ? `the candidate has ${step.percent} % of the traffic` : 'the candidate is a shadow'
  return { ...said(release, what, now), phase: 'baking', since: now }
}

function nextStep(release: Release, why: string, now: EpochSeconds): Release {
  const endpoints = release.endpoints.map((endpoint) => ({
    ...endpoint,
    changed_before: null,
    called: false,
  }))
  return { ...said(release, why, now), phase: 'acting', step: release.step + 1, since: now, endpoints }
}

async function finish(
  platform: ReleasePlatform,
  release: Release,
  now: EpochSeconds,
  report: Pick<Reporter, 'warn'>,
): Promise<Release> {
  for (const endpoint of release.endpoints) await nameServed(platform, release, endpoint, now)
  await mirrorPackages(platform, versionsOf(release), report)
  return { ...said(release, `${release.kind} done`, now), phase: 'done' }
}

async function revert(
  platform: ReleasePlatform,
  release: Release,
  now: EpochSeconds,
  report: Pick<Reporter, 'warn'>,
): Promise<Release | undefined> {
  // One after the other would leave the second on the candidate while the first goes back.
  for (let round = 0; round < 4; round++) {
    const back: boolean[] = []
    for (const endpoint of release.endpoints)
      back.push(await revertEndpoint(platform, release, endpoint, now))
    if (!back.every(Boolean)) continue
    await mirrorPackages(platform, versionsOf(release), report)
    return { ...said(release, 'all traffic is where it was', now), phase: 'rolled_back' }
  }
  return undefined
}

/** The alias `production` follows what serves. */
async function nameServed(
  { store }: ReleasePlatform,
  release: Release,
  { candidate }: ReleaseEndpoint,
  now: EpochSeconds,
): Promise<void> {
  await setAlias(store, candidate.group, 'production', candidate.model_version, { by: release.by, now })
}

/** The same release, going back. */
export function goingBack(release: Release, reason: string, now: EpochSeconds): Release {
  return { ...said(release, `going back: ${reason}`, now), phase: 'reverting', reason }
}

/** The step a release is at. */
export function stepOf(release: Release): Step {
  const step = stepsOf(release.strategy, release.alarms)[release.step]
  if (!step) throw new Error(`release ${release.id} has no step ${release.step}`)
  return step
}

function withEndpoint(release: Release, changed: ReleaseEndpoint): Release {
  return {
    ...release,
    endpoints: release.endpoints.map((endpoint) =>
      endpoint.endpoint === changed.endpoint ? changed : endpoint,
    ),
  }
}

function said(release: Release, what: string, at: EpochSeconds): Release {
  return { ...release, timeline: [...release.timeline, { at, what }] }
}

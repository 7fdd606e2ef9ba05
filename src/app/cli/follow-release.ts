import { setTimeout as sleep } from 'node:timers/promises'
import type { Release } from '../../core/contracts/release.ts'
import { isoOf } from '../../core/time.ts'
import { openDueIncidents } from '../../operations/incidents/open-due.ts'
import { analyseCandidate } from '../../operations/release/judge/analyse.ts'
import { stepsOf } from '../../operations/release/plan.ts'
import { hasEnded } from '../../operations/release/release-store.ts'
import { stepRelease } from '../../operations/release/step-release.ts'
import type { CommandContext, CommandResult, OpenLake } from './command.ts'

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 5000
/** A lake whose clock stands still is looked at for so long: what does not take time has happened by then. */
const STILL_MS = 5000

/**
 * Goes on with the release that is under way until it ends, saying what happens. Where the lake's clock stands still, what
 * waits for time to pass is left to whoever moves the clock.
 */
export async function followRelease(
  context: CommandContext,
  lake: OpenLake,
  options: { readonly wait: boolean },
): Promise<Release | undefined> {
  const moving = context.givenNow === undefined && lake.info.virtual_now === null
  const namespace = context.config.cw_custom_ns
  let told = 0
  let changed = context.elapsedMs()
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 2, moving ? LONGEST_WAIT_MS : 200)) {
    const now = moving ? context.wall() : lake.now
    const release = await stepRelease(lake.platform, {
      now,
      report: context.report,
      analyse: (current, at) => analyseCandidate(lake.platform, current, { now: at, namespace }),
    })
    if (!release) return undefined
    for (const { at, what } of release.timeline.slice(told)) context.report.info(`${isoOf(at)} ${what}`)
    if (release.timeline.length > told) {
      pause = FIRST_WAIT_MS
      changed = context.elapsedMs()
    }
    told = release.timeline.length
    const still = !moving && context.elapsedMs() - changed > STILL_MS
    if (hasEnded(release)) await tellIncidents(context, lake, now)
    if (hasEnded(release) || context.signal.aborted || still) return release
    if (!options.wait && release.phase === 'baking') return release
    await sleep(pause, undefined, { signal: context.signal }).catch(() => {})
  }
}

/** A release that was taken back is an incident: it is opened now, not when a scheduler comes by. */
async function tellIncidents(context: CommandContext, lake: OpenLake, now: number): Promise<void> {
  const namespace = context.config.cw_custom_ns
  for (const { id, title } of await openDueIncidents(lake.platform, { city: lake.info.city, now, namespace }))
    context.report.warn(`Incident ${id} is open: ${title} (\`bikeshare incidents show ${id}\`)`)
}

/** What became of a release, for people and machines. Exit code 4 when a promotion was taken back. */
export function releaseResult(release: Release, more: object = {}): CommandResult {
  const names = release.endpoints.map(({ endpoint }) => endpoint).join(' and ')
  const steps = stepsOf(release.strategy, release.alarms).length
  const versions = release.endpoints.map(({ candidate }) => candidate.model_version).join(' and ')
  const human = {
    done: `${names}: ${versions} serves.`,
    rolled_back: `${names}: taken back, what served before serves again. ${release.reason ?? ''}`,
    failed: `${names}: failed. ${release.reason ?? ''}`,
    acting: `${names}: step ${release.step + 1} of ${steps} is under way.`,
    baking: `${names}: step ${release.step + 1} of ${steps} is watched; \`bikeshare run\` or \`bikeshare promote --resume\` goes on.`,
    finishing: `${names}: almost done; resume it.`,
    reverting: `${names}: on its way back; resume it.`,
  }[release.phase]
  const taken = release.phase === 'rolled_back' || release.phase === 'failed'
  return { human, json: { release, ...more }, exitCode: taken ? 4 : 0 }
}

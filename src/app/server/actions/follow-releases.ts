import { setTimeout as sleep } from 'node:timers/promises'
import { isOperatorError, messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import { openDueIncidents } from '../../../operations/incidents/open-due.ts'
import { analyseCandidate } from '../../../operations/release/judge/analyse.ts'
import { activeRelease, hasEnded } from '../../../operations/release/release-store.ts'
import { stepRelease } from '../../../operations/release/step-release.ts'
import { readLease } from '../../../operations/scheduler/lease.ts'
import type { CitySource } from '../city-source.ts'
import { oneAfterAnother } from '../one-after-another.ts'

/** Goes on with releases where no scheduler does. */
export interface ReleaseFollower {
  /** Goes on with the release of a city, until it has ended. Nothing when it is at it already. */
  follow(source: CitySource): void
  /** Stops where it is; whoever comes next goes on from there. */
  close(): Promise<void>
}

export interface FollowerOptions {
  readonly cityNames: readonly string[]
  readonly wall: Clock
  readonly report: Reporter
  /** The release has moved. */
  readonly onStep: () => void
}

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 5000

/**
 * A release is stepped as `bikeshare promote` steps it: two at once end as one. While a scheduler holds the lake's lease it is
 * left to that, with an eye on it, since the scheduler may end first.
 */
export function followReleases(o: FollowerOptions): ReleaseFollower {
  const stop = new AbortController()
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const inTurn = oneAfterAnother()

  const goOn = async (source: CitySource): Promise<void> => {
    const { platform } = source
    const namespace = source.config.cw_custom_ns
    let told = -1
    let lookedAt = -1
    for (let pause = FIRST_WAIT_MS; !stop.signal.aborted; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
      const now = source.now()
      const before = (await activeRelease(platform.store))?.release
      if (!before) return
      const others = await isScheduled(source, o.wall)
      // Where the clock stands still, what waits for time to pass is not asked again.
      const waits = source.virtual && before.phase === 'baking' && lookedAt === now
      if (!others && !waits) {
        const step = stepRelease(platform, {
          now,
          report: o.report,
          analyse: (current, at) => analyseCandidate(platform, current, { now: at, namespace }),
        })
        const release = await step.catch(orSteppedByAnother)
        if (release === undefined) return
        if (release === null) {
          await sleep(FIRST_WAIT_MS)
          continue
        }
        lookedAt = now
        if (release.timeline.length !== told) {
          told = release.timeline.length
          pause = FIRST_WAIT_MS
          o.onStep()
        }
        if (hasEnded(release)) {
          void tellIncidents(source)
          return
        }
      }
      await sleep(others ? LONGEST_WAIT_MS : pause, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  /** A release that was taken back is an incident. To open it takes a while, in which the next release may begin. */
  const tellIncidents = (source: CitySource): Promise<void> =>
    inTurn(source.name, async () => {
      const { platform, config, name: city } = source
      const options = { city, now: source.now(), namespace: config.cw_custom_ns }
      const opened = stop.signal.aborted ? [] : await openDueIncidents(platform, options)
      if (opened.length > 0) o.onStep()
    }).catch((error: unknown) => {
      o.report.warn(`${source.name}: what is an incident was not opened: ${messageOf(error)}`)
    })

  const follow = (source: CitySource): void => {
    if (stop.signal.aborted) return
    if (running.has(source.name)) return void again.add(source.name)
    const run = goOn(source)
      .catch((error: unknown) => {
        o.report.warn(`${source.name}: the release does not go on: ${messageOf(error)}`)
      })
      .finally(() => {
        running.delete(source.name)
        // Asked for while the one before was ending.
        if (again.delete(source.name)) follow(source)
      })
    running.set(source.name, run)
  }
  return {
    follow,
    async close() {
      stop.abort()
      await Promise.all(running.values())
      await Promise.all(o.cityNames.map((name) => inTurn(name, () => Promise.resolve())))
    },
  }
}

/** Null when somebody else took the same step and was first: there is another look. */
function orSteppedByAnother(error: unknown): null {
  if (isOperatorError(error, 'WRITE_CONFLICT')) return null
  throw error
}

async function isScheduled({ platform }: CitySource, wall: Clock): Promise<boolean> {
  const lease = await readLease(platform.store)
  return lease !== undefined && lease.holder !== null && lease.expires_at > wall()
}

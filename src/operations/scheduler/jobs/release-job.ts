import { setTimeout as sleep } from 'node:timers/promises'
import { endpointPrefix } from '../../../core/city-names.ts'
import { analyseCandidate } from '../../release/judge/analyse.ts'
import { openDueIncidents } from '../../incidents/open-due.ts'
import { stopIdleStaging } from '../../staging/stop-idle.ts'
import { hasEnded } from '../../release/release-store.ts'
import { stepRelease } from '../../release/step-release.ts'
import type { JobResult, LakeRun } from '../job.ts'

/** What an endpoint does at once is waited for, in looks of 50 ms; what takes longer is for the next run. */
const LOOKS = 10
const LOOK_MS = 50

/**
 * Goes on with the release that is under way, if there is one (the next step, the watch of a candidate, or the way back),
 * and opens the incidents that releases and alarms are.
 */
export async function releaseJob(run: LakeRun): Promise<JobResult> {
  const result = await goOn(run)
  const { platform, city, now } = run
  const opened = await openDueIncidents(platform, {
    city: city.name,
    now,
    namespace: city.settings.cw_custom_ns,
  })
  for (const { id, title } of opened) run.report.warn(`Incident ${id} is open: ${title}`)
  return result
}

/** Stops staging once production has been stable for as long as the settings say. */
export async function idleStagingJob({ platform, city, now, report }: LakeRun): Promise<JobResult> {
  const stableHours = city.settings.release.stop_staging_after_hours
  if (stableHours === undefined) return { outcome: 'done', note: 'switched off' }
  const { stopped } = await stopIdleStaging(platform, {
    city: city.name,
    prefix: endpointPrefix(city.settings, city.name),
    now,
    stableHours,
  })
  for (const { stopped: was } of stopped)
    report.info(`${was.deployment.endpoint} is stopped: production is stable.`)
  return { outcome: 'done' }
}

async function goOn({ platform, city, now, report, signal }: LakeRun): Promise<JobResult> {
  const namespace = city.settings.cw_custom_ns
  for (let look = 0; ; look++) {
    const release = await stepRelease(platform, {
      now,
      report,
      analyse: (current, at) => analyseCandidate(platform, current, { now: at, namespace }),
    })
    if (!release) return { outcome: 'done' }
    const note = `${release.kind} ${release.id}: ${release.timeline.at(-1)?.what ?? release.phase}`
    const moves = release.phase === 'acting' || release.phase === 'reverting'
    if (hasEnded(release) || !moves || look >= LOOKS || signal.aborted) return { outcome: 'done', note }
    await sleep(LOOK_MS)
  }
}

import { endpointName } from '../../core/names.ts'
import { TARGETS } from '../../core/contracts/features.ts'
import { HOUR_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { Platform } from '../../platform/ports.ts'
import { ALARM_TABLE } from '../alarms/alarm-table.ts'
import { alarmName } from '../alarms/alarms-for.ts'
import { readServingSince } from '../release/gate/serving-since.ts'
import { activeRelease } from '../release/release-store.ts'
import { prodEndpoints } from '../slo/prod-endpoints.ts'
import type { Wait } from '../../model/serving/settled.ts'
import { listStopped } from './stopped-file.ts'
import { stopEndpoint, type Stopped } from './stop-endpoint.ts'

type IdlePlatform = Pick<Platform, 'store' | 'endpoints' | 'alarms'>

export interface IdleOptions {
  readonly city: string
  /** How the city's endpoints begin; `bikeshare` without it. */
  readonly prefix?: string
  readonly now: EpochSeconds
  /** How long production must have been stable: `stop_staging_after_hours` of `[release]`. */
  readonly stableHours: number
  readonly wait?: Wait
}

/** What looking at staging came to. */
export interface IdleStaging {
  readonly stopped: readonly Stopped[]
  /** Why it goes on, where it does; null when it was stopped, or there is none. */
  readonly goes_on: string | null
}

/** Who stops staging when nobody does. */
const BY = 'bikeshare'

/**
 * Stops the staging endpoints of a city, all or none, once production has been stable for `stableHours`: each of its
 * endpoints served one and the same model version all the time, no alarm of theirs was in ALARM, and no release is under way.
 * A candidate that production does not serve is left alone for as long. Again it changes nothing.
 */
export async function stopIdleStaging(platform: IdlePlatform, o: IdleOptions): Promise<IdleStaging> {
  await finishStops(platform, o)
  const staging = await stagingEndpoints(platform, o)
  if (staging.length === 0) return { stopped: [], goes_on: null }
  const why = (await whyNotStable(platform, o)) ?? (await whyWanted(platform, staging, o))
  if (why !== undefined) return { stopped: [], goes_on: why }
  const stopped: Stopped[] = []
  for (const { endpoint } of staging)
    stopped.push(
      await stopEndpoint(platform, {
        endpoint,
        by: BY,
        why: `production has been stable for ${o.stableHours} h`,
        now: o.now,
        ...(o.wait && { wait: o.wait }),
      }),
    )
  return { stopped, goes_on: null }
}

/** A stop that was broken off goes on; its endpoint serves nobody any more. */
async function finishStops(platform: IdlePlatform, { city, now, wait }: IdleOptions): Promise<void> {
  for (const { state, deployment, by, why } of await listStopped(platform.store)) {
    if (state !== 'stopping' || deployment.city !== city) continue
    await stopEndpoint(platform, { endpoint: deployment.endpoint, by, why, now, ...(wait && { wait }) })
  }
}

interface Staging {
  readonly endpoint: string
  readonly target: (typeof TARGETS)[number]
}

async function stagingEndpoints({ store }: IdlePlatform, { city, prefix }: IdleOptions): Promise<Staging[]> {
  const found: Staging[] = []
  for (const target of TARGETS) {
    const endpoint = endpointName('staging', target, prefix)
    if ((await readDeployment(store, endpoint))?.city === city) found.push({ endpoint, target })
  }
  return found
}

async function whyNotStable(
  platform: IdlePlatform,
  { city, now, stableHours }: IdleOptions,
): Promise<string | undefined> {
  const { store, alarms } = platform
  const active = await activeRelease(store)
  if (active) return `the ${active.release.kind} ${active.release.id} is under way`
  const prod = await prodEndpoints(platform, city)
  if (prod.length === 0) return 'there is no endpoint in production'
  const from = now - stableHours * HOUR_SECONDS
  const names = new Set<string>()
  for (const { deployment } of prod) {
    const { endpoint } = deployment
    const serving = await readServingSince(store, endpoint)
    if (!serving) return `${endpoint} serves no single model version`
    if (serving.since > from)
      return `${endpoint} serves ${serving.version} only since ${isoOf(serving.since)}`
    for (const { suffix } of ALARM_TABLE) names.add(alarmName(endpoint, suffix))
  }
  const ringing = (await alarms.describeAlarms()).find(
    ({ alarm, StateValue }) => StateValue === 'ALARM' && names.has(alarm.AlarmName),
  )
  if (ringing) return `${ringing.alarm.AlarmName} is in ALARM`
  const last = (await alarms.describeAlarmHistory({ from, to: now })).findLast(
    (item) =>
      names.has(item.AlarmName) &&
      item.HistoryItemType === 'StateUpdate' &&
      (item.HistoryData['to'] === 'ALARM' || item.HistoryData['from'] === 'ALARM'),
  )
  return last && `${last.AlarmName} was in ALARM until ${isoOf(last.Timestamp)}`
}

/** A candidate on staging is wanted until it has had its time. */
async function whyWanted(
  { store }: IdlePlatform,
  staging: readonly Staging[],
  { prefix, now, stableHours }: IdleOptions,
): Promise<string | undefined> {
  for (const { endpoint, target } of staging) {
    const candidate = await readServingSince(store, endpoint)
    const live = await readServingSince(store, endpointName('prod', target, prefix))
    if (!candidate || candidate.version === live?.version) continue
    if (candidate.since > now - stableHours * HOUR_SECONDS)
      return `${endpoint} has had the candidate ${candidate.version} only since ${isoOf(candidate.since)}`
  }
  return undefined
}

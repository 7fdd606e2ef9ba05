import type { Incident } from '../../core/contracts/incident.ts'
import type { Release } from '../../core/contracts/release.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { readLake } from '../../data/lake/lake-info.ts'
import type { Platform } from '../../platform/ports.ts'
import { readSilences } from '../alarms/silences.ts'
import { openAlarms } from '../alarms/open-alarms.ts'
import { listReleases } from '../release/release-store.ts'
import { prodEndpoints } from '../slo/prod-endpoints.ts'
import { dueAlarms, historyFrom, type DueAlarm } from './due-alarms.ts'
import { incidentOf, isRejection } from './due-releases.ts'
import { changeIncident, listIncidents } from './incident-store.ts'
import { releaseSpan } from './find-release.ts'
import { incidentId, openIncident, type OpenOptions } from './incidents.ts'
import { refreshBaselines } from './refresh-baselines.ts'
import { keepReport, type ReportPlatform } from './keep-report.ts'

/** What opening incidents needs of the platform. */
export type IncidentPlatform = ReportPlatform & Pick<Platform, 'warehouse' | 'scorer' | 'endpoints'>

export interface DueOptions {
  readonly city: string
  readonly now: EpochSeconds
  /** Of our own metrics. */
  readonly namespace: string
}

/** Who opens an incident that nobody opened. */
const BY = 'bikeshare'

/**
 * Opens every incident that is due: one for each release that was taken back or failed, and for each rollback; one for each
 * alarm of a prod endpoint that is one. A rejected candidate's baselines are made anew, once, and the reports of open
 * incidents follow what has happened. Gives those that it opened. Run twice it is once; broken off anywhere it may be run
 * again.
 */
export async function openDueIncidents(platform: IncidentPlatform, o: DueOptions): Promise<Incident[]> {
  const { city, now } = o
  const known = new Map((await listIncidents(platform)).map((incident) => [incident.id, incident]))
  const releases = (await listReleases(platform.store)).filter((release) => release.city === city)
  const opened: Incident[] = []
  const open = async (id: string, options: Omit<OpenOptions, 'city' | 'by' | 'now'>): Promise<Incident> => {
    const there = known.get(id)
    if (there) return there
    const incident = await openIncident(platform, { ...options, city, by: BY, now })
    known.set(id, incident)
    opened.push(incident)
    return incident
  }
  for (const release of releases) {
    const about = incidentOf(release)
    const endpoint = release.endpoints[0]?.endpoint
    if (!about || endpoint === undefined) continue
    const id = incidentId(about.kind, release.id, releaseSpan(release).from)
    const incident = await open(id, { ...about, endpoint, releaseId: release.id })
    if (isRejection(release) && !incident.refresh) await recordRefresh(platform, incident, release, now)
  }
  for (const { name, since, endpoint, title, why } of await alarmsDue(platform, releases, o)) {
    const alarm = { name, since }
    await open(incidentId('alarm', name, since), { endpoint, kind: 'alarm', title, why, alarm })
  }
  for (const { id } of await listIncidents(platform)) await keepReport(platform, id, o)
  return opened
}

async function recordRefresh(
  platform: IncidentPlatform,
  { id }: Incident,
  release: Release,
  now: EpochSeconds,
): Promise<void> {
  const timezone = (await readLake(platform.store))?.timezone ?? 'UTC'
  const refresh = await refreshBaselines(platform, release, { timezone, now })
  await changeIncident(platform.store, id, (before) => (before.refresh ? undefined : { ...before, refresh }))
}

async function alarmsDue(
  platform: IncidentPlatform,
  releases: readonly Release[],
  { city, now }: DueOptions,
): Promise<DueAlarm[]> {
  const prod = await prodEndpoints(platform, city)
  if (prod.length === 0) return []
  return dueAlarms({
    endpoints: prod.map(({ deployment }) => deployment.endpoint),
    alarms: await openAlarms(platform, now),
    history: await platform.alarms.describeAlarmHistory({ from: historyFrom(now), to: now }),
    releases,
    silences: await readSilences(platform.store),
    now,
  })
}

import type { Incident } from '../../../core/contracts/incident.ts'
import type { Release } from '../../../core/contracts/release.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { listIncidents } from '../../../operations/incidents/incident-store.ts'
import { listReleases } from '../../../operations/release/release-store.ts'
import type { CitySource } from '../city-source.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

/** The city's releases that had begun by `at`, as far as they had come then; the oldest first. */
export async function releasesAt(source: CitySource, at: EpochSeconds): Promise<Release[]> {
  const { store } = source.platform
  const token = tokenOf(await listed(store, 'releases/'))
  const all = await kept(cacheOf(source).lists, 'releases', token, () => listReleases(store))
  return all.flatMap((release) => (release.city === source.info.city ? (releaseAt(release, at) ?? []) : []))
}

/**
 * A release as it stood at `at`, by its timeline; undefined before it was asked for. Where it has gone on since, what its
 * last line of then says tells its phase.
 */
export function releaseAt(release: Release, at: EpochSeconds): Release | undefined {
  const timeline = release.timeline.filter((line) => line.at <= at)
  const last = timeline.at(-1)
  if (!last) return undefined
  if (timeline.length === release.timeline.length) return release
  const back = timeline.find(({ what }) => what.startsWith(GOING_BACK))
  const phase = back
    ? 'reverting'
    : last.what === 'the candidate serves alone'
      ? 'finishing'
      : last.what.startsWith('the candidate has ')
        ? 'baking'
        : 'acting'
  return {
    ...release,
    timeline,
    phase,
    step: timeline.filter(({ what }) => what.startsWith('the candidate holds')).length,
    since: last.at,
    reason: back ? back.what.slice(GOING_BACK.length) : null,
  }
}
const GOING_BACK = 'going back: '

/** The city's incidents that had been opened by `at`, with what was known of them then; the newest first. */
export async function incidentsAt(source: CitySource, at: EpochSeconds): Promise<Incident[]> {
  const { store } = source.platform
  const token = tokenOf(
    (await listed(store, 'incidents/')).filter(({ key }) => key.endsWith('/incident.json')),
  )
  const all = await kept(cacheOf(source).lists, 'incidents', token, () => listIncidents({ store }))
  return all
    .flatMap((incident) => (incident.city === source.info.city ? (incidentAt(incident, at) ?? []) : []))
    .toReversed()
}

/** An incident as it was known at `at`; undefined before it was opened. */
export function incidentAt(incident: Incident, at: EpochSeconds): Incident | undefined {
  if (incident.opened_at > at) return undefined
  const { notes, refresh, closed } = incident
  return {
    ...incident,
    notes: notes.filter((note) => note.at <= at),
    refresh: refresh && refresh.at <= at ? refresh : null,
    closed: closed && closed.at <= at ? closed : null,
  }
}

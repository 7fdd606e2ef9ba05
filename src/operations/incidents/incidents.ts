import type { Incident, IncidentKind } from '../../core/contracts/incident.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { findRelease, releaseSpan } from './find-release.ts'
import { changeIncident, putIncident } from './incident-store.ts'

type StorePlatform = Pick<Platform, 'store'>

export interface OpenOptions {
  readonly city: string
  readonly endpoint: string
  readonly kind: IncidentKind
  readonly title: string
  readonly why: string
  /** The release that it is about. */
  readonly releaseId?: string
  /** The alarm that it is about, and since when it is in ALARM. */
  readonly alarm?: { readonly name: string; readonly since: EpochSeconds }
  readonly by: string
  readonly now: EpochSeconds
}

/**
 * Opens an incident. There is one for a kind and a release, for an alarm and the day on which it went to ALARM, and by hand
 * for an endpoint, a title and a day: opened again, it is given as it stands. NOT_FOUND for a release that is not there.
 */
export async function openIncident({ store }: StorePlatform, o: OpenOptions): Promise<Incident> {
  requireText(o.title, 'a title', '--title')
  requireText(o.by, 'a name of who opens it', '--by')
  const release = o.releaseId === undefined ? undefined : await findRelease(store, o.releaseId)
  const began = release ? releaseSpan(release).from : (o.alarm?.since ?? o.now)
  const about = o.releaseId ?? o.alarm?.name ?? canonicalJson([o.endpoint, o.title])
  const incident: Incident = {
    incident_version: 1,
    id: incidentId(o.kind, about, began),
    kind: o.kind,
    city: o.city,
    endpoint: o.endpoint,
    title: o.title,
    why: o.why,
    by: o.by,
    began,
    opened_at: o.now,
    release_id: o.releaseId ?? null,
    alarm: o.alarm?.name ?? null,
    notes: [],
    refresh: null,
    closed: null,
  }
  return (await putIncident(store, incident)).incident
}

/** `2024-05-14-rollback-1a2b3c4d`: the day on which it began, and what it is about. */
export function incidentId(kind: IncidentKind, about: string, began: EpochSeconds): string {
  return `${dsOf(began)}-${kind}-${sha256(canonicalJson([kind, about])).slice(0, 8)}`
}

/** Adds a note; the same note again is once. A closed incident takes notes too. */
export async function addNote(
  { store }: StorePlatform,
  id: string,
  { text, by, now }: { readonly text: string; readonly by: string; readonly now: EpochSeconds },
): Promise<Incident> {
  requireText(text, 'a text', '--text')
  requireText(by, 'a name of who says it', '--by')
  const { incident } = await changeIncident(store, id, (before) =>
    before.notes.some((note) => note.at === now && note.by === by && note.text === text)
      ? undefined
      : { ...before, notes: [...before.notes, { at: now, by, text }] },
  )
  return incident
}

/** Closes an incident with its cause. Closed again with the same cause it stays as it is; with another, CHECK_FAILED. */
export async function closeIncident(
  { store }: StorePlatform,
  id: string,
  { cause, by, now }: { readonly cause: string; readonly by: string; readonly now: EpochSeconds },
): Promise<Incident> {
  requireText(cause, 'a cause', '--cause')
  requireText(by, 'a name of who closes it', '--by')
  const { incident } = await changeIncident(store, id, (before) => {
    if (!before.closed) return { ...before, closed: { at: now, by, cause } }
    if (before.closed.cause === cause) return undefined
    throw new OperatorError(
      'CHECK_FAILED',
      `the incident ${id} was closed by ${before.closed.by}: ${before.closed.cause}`,
      'What is known since then belongs into a note: `bikeshare incidents note`.',
    )
  })
  return incident
}

function requireText(text: string, what: string, flag: string): void {
  if (text.trim() === '') throw new OperatorError('USAGE', `an incident needs ${what}`, `Give ${flag}.`)
}

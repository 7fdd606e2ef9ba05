import { incidentSchema, type Incident } from '../../core/contracts/incident.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const PREFIX = 'incidents/'

/** Where an incident stands, with what was made from it. */
export const incidentPrefix = (id: string): string => `${PREFIX}${id}/`
const keyOf = (id: string): string => `${incidentPrefix(id)}incident.json`

/** An incident, and the tag to write over it by. */
export interface StoredIncident {
  readonly incident: Incident
  readonly etag: string
}

/** Writes an incident that is new; one that is there already stays as it is, and is given. */
export async function putIncident(store: ObjectStore, incident: Incident): Promise<StoredIncident> {
  try {
    const { etag } = await store.put(keyOf(incident.id), text(incident), { ifAbsent: true })
    return { incident, etag }
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    return requireIncident(store, incident.id)
  }
}

/** An incident; undefined when there is none of this id. CORRUPT when it is damaged. */
export async function findIncident(store: ObjectStore, id: string): Promise<StoredIncident | undefined> {
  if (!/^[a-z0-9-]+$/.test(id)) return undefined
  const object = await store.get(keyOf(id))
  if (!object) return undefined
  try {
    const incident = incidentSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return { incident, etag: object.etag }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${keyOf(id)} is damaged: ${messageOf(error)}`,
      'Restore it from a backup.',
      error,
    )
  }
}

/** As `findIncident`; NOT_FOUND when there is none. */
export async function requireIncident(store: ObjectStore, id: string): Promise<StoredIncident> {
  const found = await findIncident(store, id)
  if (found) return found
  throw new OperatorError('NOT_FOUND', `there is no incident "${id}"`, 'See `bikeshare incidents list`.')
}

/** Every incident, by the day on which it began. */
export async function listIncidents({ store }: { readonly store: ObjectStore }): Promise<Incident[]> {
  const incidents: Incident[] = []
  for (const id of await store.folders(PREFIX)) {
    const found = await findIncident(store, id)
    if (found) incidents.push(found.incident)
  }
  return incidents.sort((a, b) => a.began - b.began || (a.id < b.id ? -1 : 1))
}

/** Changes an incident; `change` is called again when somebody else changed it meanwhile, and gives undefined for no change. */
export async function changeIncident(
  store: ObjectStore,
  id: string,
  change: (incident: Incident) => Incident | undefined,
): Promise<StoredIncident> {
  for (;;) {
    const stored = await requireIncident(store, id)
    const changed = change(stored.incident)
    if (!changed) return stored
    try {
      const { etag } = await store.put(keyOf(id), text(changed), { ifMatch: stored.etag })
      return { incident: changed, etag }
    } catch (error) {
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
}

const text = (incident: Incident): string => `${JSON.stringify(incidentSchema.parse(incident), null, 2)}\n`

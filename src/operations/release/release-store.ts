import { releaseSchema, type Release } from '../../core/contracts/release.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const PREFIX = 'releases/'
/** The release that is under way, whole: there is one at a time. When it has ended it goes to its own key. */
const ACTIVE_KEY = `${PREFIX}active.json`
const keyOf = (id: string): string => `${PREFIX}${id}.json`

/** The release under way and the tag to write over it by. */
export interface StoredRelease {
  readonly release: Release
  readonly etag: string
}

/** Begins a release. CHECK_FAILED, with whose it is, while another is under way: of two at once one wins. */
export async function beginRelease(store: ObjectStore, release: Release): Promise<StoredRelease> {
  for (;;) {
    const other = await activeRelease(store)
    if (other) throw underWay(other.release)
    try {
      return { release, etag: (await store.put(ACTIVE_KEY, text(release), { ifAbsent: true })).etag }
    } catch (error) {
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
}

function underWay(release: Release): OperatorError {
  return new OperatorError(
    'CHECK_FAILED',
    `the ${release.kind} ${release.id} by ${release.by} is under way (${release.phase}, step ${release.step + 1})`,
    '`bikeshare promote --resume` goes on with it, `bikeshare rollback` takes it back.',
  )
}

/** The release that is under way; undefined when there is none. One that has ended is put where it belongs. */
export async function activeRelease(store: ObjectStore): Promise<StoredRelease | undefined> {
  const found = await readAt(store, ACTIVE_KEY)
  if (!found || !hasEnded(found.release)) return found
  await archive(store, found.release)
  return undefined
}

/** Every release, the oldest first, the one under way last. */
export async function listReleases(store: ObjectStore): Promise<Release[]> {
  const active = await activeRelease(store)
  const releases: Release[] = []
  for await (const { key } of store.list(PREFIX)) {
    const found = key === ACTIVE_KEY ? undefined : await readAt(store, key)
    if (found) releases.push(found.release)
  }
  return active ? [...releases, active.release] : releases
}

/** Writes the release over what was read; undefined when somebody else went on with it meanwhile. */
export async function writeRelease(
  store: ObjectStore,
  stored: StoredRelease,
  release: Release,
): Promise<StoredRelease | undefined> {
  try {
    const { etag } = await store.put(ACTIVE_KEY, text(release), { ifMatch: stored.etag })
    if (hasEnded(release)) await archive(store, release)
    return { release, etag }
  } catch (error) {
    if (isOperatorError(error, 'WRITE_CONFLICT')) return undefined
    throw error
  }
}

/** True once nothing more is done for it. */
export function hasEnded({ phase }: Release): boolean {
  return phase === 'done' || phase === 'rolled_back' || phase === 'failed'
}

async function archive(store: ObjectStore, release: Release): Promise<void> {
  await store.put(keyOf(release.id), text(release))
  await store.delete(ACTIVE_KEY)
}

const text = (release: Release): string => `${JSON.stringify(release, null, 2)}\n`

async function readAt(store: ObjectStore, key: string): Promise<StoredRelease | undefined> {
  const object = await store.get(key)
  if (!object) return undefined
  try {
    const release = releaseSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return { release, etag: object.etag }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Restore it from a backup.',
      error,
    )
  }
}

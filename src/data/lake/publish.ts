import { isOperatorError, OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { dayKey, type Dataset } from '../../core/keys.ts'
import type { Column, ObjectStore, Platform } from '../../platform/ports.ts'

/** What a merge needs of the platform. */
export type LakeParts = Pick<Platform, 'store' | 'warehouse'>

/** Where a day's new file is made before it takes the old one's place. */
export const STAGING_PREFIX = 'staging/'

const ATTEMPTS = 20

/**
 * Reads a day, changes it, and puts the result in its place only if nobody changed it meanwhile; else reads again.
 * `change` gets the day as it is and returns the whole new day, or undefined to leave it.
 * `identity` names the new rows: two processes that stage different rows must not share a staging file.
 */
export async function changeDay<T>(
  platform: LakeParts,
  day: { readonly dataset: Dataset; readonly city: string; readonly ds: string },
  change: () => Promise<{
    readonly result: T
    readonly file: { readonly columns: readonly Column[]; readonly identity: string } | undefined
  }>,
): Promise<T> {
  const key = dayKey(day.dataset, day.city, day.ds)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = (await platform.store.get(key))?.etag
    const { result, file } = await change()
    if (file === undefined) return result
    const staging = `${STAGING_PREFIX}${day.dataset}-${day.city}-${day.ds}-${sha256(file.identity).slice(0, 12)}.parquet`
    const written = await platform.warehouse.writeRows(staging, file.columns)
    const body = (await platform.store.get(staging))?.body
    // Another process cleaned up, or staged other rows under the same name: start over.
    if (body === undefined || sha256(body) !== written.sha256) continue
    try {
      await platform.store.put(key, body, before === undefined ? { ifAbsent: true } : { ifMatch: before })
      await platform.store.delete(staging)
      return result
    } catch (error) {
      await platform.store.delete(staging)
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
  throw new OperatorError(
    'WRITE_CONFLICT',
    `${key} was changed by others ${ATTEMPTS} times in a row`,
    'Let one process at a time write this lake, then run it again.',
  )
}

/** Removes what killed runs staged and never put in place. */
export async function clearStaging(store: ObjectStore): Promise<void> {
  for await (const { key } of store.list(STAGING_PREFIX)) await store.delete(key)
}

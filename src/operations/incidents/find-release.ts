import type { Release } from '../../core/contracts/release.ts'
import { OperatorError } from '../../core/errors.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { listReleases } from '../release/release-store.ts'

/** A release by its id; NOT_FOUND when there is none. */
export async function findRelease(store: ObjectStore, id: string): Promise<Release> {
  const found = (await listReleases(store)).find((release) => release.id === id)
  if (found) return found
  throw new OperatorError('NOT_FOUND', `there is no release "${id}"`, 'See `bikeshare history`.')
}

/** When a release began, and when it last did something: its end, once it has ended. */
export function releaseSpan({ timeline, since }: Release): { readonly from: number; readonly to: number } {
  return { from: timeline[0]?.at ?? since, to: timeline.at(-1)?.at ?? since }
}

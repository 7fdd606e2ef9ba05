import type { ObjectStore, ObjectSummary } from '../../../platform/ports.ts'

/** Everything below a prefix. */
export async function listed(store: ObjectStore, prefix: string): Promise<ObjectSummary[]> {
  const found: ObjectSummary[] = []
  for await (const summary of store.list(prefix)) found.push(summary)
  return found
}

/** One text that changes whenever anything of a listing does. */
export const tokenOf = (listing: readonly ObjectSummary[]): string =>
  listing.map(({ key, etag }) => `${key} ${etag}`).join('\n')

/** The last of some ascending numbers that is not above `limit`; undefined without one. */
export function lastUpTo(ascending: ArrayLike<number>, limit: number): number | undefined {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : ascending[low - 1]
}

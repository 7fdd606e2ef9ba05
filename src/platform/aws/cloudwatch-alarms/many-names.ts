/** The most that CloudWatch takes in one call about alarms by name. */
export const MOST_NAMES = 100

/** In parts of at most `size`. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < all.length; i += size) parts.push(all.slice(i, i + size))
  return parts
}

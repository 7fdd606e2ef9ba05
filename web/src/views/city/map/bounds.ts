import type { CitySummary } from '../../../../../src/core/contracts/api/session.ts'

/** West, south, east, north in degrees. */
export type Bounds = NonNullable<CitySummary['bounds']>

/** Bounds of at least about a kilometre, so that a city of one station has a map. */
export function roomyBoundsOf([west, south, east, north]: Bounds): Bounds {
  const [x, y] = [Math.max(0, 0.012 - (east - west)) / 2, Math.max(0, 0.008 - (north - south)) / 2]
  return [west - x, south - y, east + x, north + y]
}

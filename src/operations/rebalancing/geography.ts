import { haversineKm } from '../../data/features/neighbour-set.ts'

/** Somewhere on the map. */
export interface Place {
  readonly lat: number
  readonly lon: number
}

/** How trucks drive. */
export interface Driving {
  readonly speed_kph: number
  readonly detour: number
}

/** Kilometres that a truck drives between two places: as the crow flies, times the detour. */
export const driveKm = (a: Place, b: Place, { detour }: Driving): number => haversineKm(a, b) * detour

/** Whole seconds of that, never fewer than it takes. */
export const driveSeconds = (a: Place, b: Place, driving: Driving): number =>
  Math.ceil((3600 * driveKm(a, b, driving)) / driving.speed_kph)

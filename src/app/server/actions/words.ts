import type { Release } from '../../../core/contracts/release.ts'

/** Model versions, in words. */
export const versionsOf = (versions: readonly string[]): string =>
  versions.length === 0 ? 'nothing' : [...new Set(versions)].join(' and ')

/** The release that is under way. */
export const underWay = ({ kind, id, by, phase, step }: Release): string =>
  `the ${kind} ${id} by ${by} is under way (${phase}, step ${step + 1})`

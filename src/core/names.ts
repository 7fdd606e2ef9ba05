import { sha256 } from './hash.ts'
import type { Target } from './contracts/features.ts'

/** Where an endpoint stands in a model's life. */
export const STAGES = ['staging', 'prod'] as const
export type Stage = (typeof STAGES)[number]

/** Longest name that SageMaker takes for a model, a configuration or an endpoint. */
export const MAX_NAME_LENGTH = 63

/** What SageMaker takes as a name: letters, digits and single hyphens between them, at most 63. */
export const NAME_PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/

/**
 * `bikeshare-staging`, `bikeshare-prod`, and the same with `-docks` for docks. A second city has a prefix of its own,
 * `bikeshare-CITY`.
 */
export function endpointName(stage: Stage, target: Target, prefix = 'bikeshare'): string {
  return target === 'docks' ? `${prefix}-${stage}-docks` : `${prefix}-${stage}`
}

/** True for an endpoint in production: `bikeshare-prod`, `bikeshare-CITY-prod` and the same with `-docks`. */
export const isProd = (endpoint: string): boolean => /-prod(?:-docks)?$/.test(endpoint)

/** The SageMaker model of a version. The same version always has the same name. */
export function servedModelName(group: string, version: string): string {
  return fitName(group, version)
}

/** A configuration of an endpoint; `stamp` tells it apart from the ones before it. */
export function endpointConfigName(endpoint: string, stamp: string): string {
  return fitName(endpoint, stamp)
}

/** SageMaker's model package group of a group of models. */
export const packageGroupName = (group: string): string =>
  group
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, '')

/** `head-tail` within 63 characters: a head that is too long is cut, and told apart by eight digits of its hash. */
function fitName(head: string, tail: string): string {
  const whole = `${head}-${tail}`
  if (whole.length <= MAX_NAME_LENGTH) return whole
  const digest = sha256(head).slice(0, 8)
  const room = MAX_NAME_LENGTH - tail.length - digest.length - 2
  return `${head.slice(0, room).replace(/-+$/, '')}-${digest}-${tail}`
}

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endpointConfigName, endpointName, NAME_PATTERN, servedModelName } from './names.ts'

const city = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
const VERSION = '20230514T235500Z-0123abcd'

describe('names', () => {
  it('are the documented ones for the first city', () => {
    expect(endpointName('staging', 'bikes')).toBe('bikeshare-staging')
    expect(endpointName('staging', 'docks')).toBe('bikeshare-staging-docks')
    expect(endpointName('prod', 'bikes')).toBe('bikeshare-prod')
    expect(endpointName('prod', 'docks', 'bikeshare-sf')).toBe('bikeshare-sf-prod-docks')
  })

  it('of models and configurations are always ones that SageMaker takes, and end with the version', () => {
    fc.assert(
      fc.property(city, (city) => {
        for (const name of [
          servedModelName(`bikeshare-${city}-docks`, VERSION),
          endpointConfigName(endpointName('staging', 'docks', `bikeshare-${city}`), VERSION),
        ]) {
          expect(name).toMatch(NAME_PATTERN)
          expect(name.endsWith(VERSION)).toBe(true)
        }
      }),
    )
  })

  it('of two long cities differ even where they share their beginning', () => {
    const group = (end: string): string => `bikeshare-${'a'.repeat(30)}${end}-bikes`
    expect(servedModelName(group('x'), VERSION)).not.toBe(servedModelName(group('y'), VERSION))
  })
})

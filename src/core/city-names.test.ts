import { expect, it } from 'vitest'
import { cityNames, endpointPrefix } from './city-names.ts'
import { loadConfig } from './config/load.ts'

it('gives the first city the short names, and any other names of its own', () => {
  expect(cityNames('nyc', { first: 'nyc', db: 'lake' })).toEqual({ prefix: 'bikeshare', database: 'lake' })
  expect(cityNames('new-york', { first: 'nyc', db: 'lake' })).toEqual({
    prefix: 'bikeshare-new-york',
    database: 'lake_new_york',
  })
  expect(cityNames('paris', { db: 'lake' })).toEqual({ prefix: 'bikeshare', database: 'lake' })
})

it('begins all endpoints alike on one machine, where every city has a host of its own', () => {
  const settings = (platform: string) =>
    loadConfig({ env: { BIKESHARE_PLATFORM: platform, BIKESHARE_AWS__FIRST_CITY: 'nyc' } })
  expect(endpointPrefix(settings('local'), 'paris')).toBe('bikeshare')
  expect(endpointPrefix(settings('aws'), 'paris')).toBe('bikeshare-paris')
  expect(endpointPrefix(settings('aws'), 'nyc')).toBe('bikeshare')
})

import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../errors.ts'
import { cityFeed } from './city.ts'
import { loadConfig } from './load.ts'
import { nearest } from './nearest.ts'

const file = (text: string) => ({ path: 'bikeshare.toml', text })

function failure(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(isOperatorError(error, 'CONFIG')).toBe(true)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('nothing was thrown')
}

describe('configuration', () => {
  it('has a default for every key that is not a choice of the user', () => {
    const config = loadConfig({})
    expect(config.cw_custom_ns).toBe('Bikeshare/Model')
    expect(config.view_quality).toBe('v_quality')
    expect(config.city).toBeUndefined()
  })

  it('lets flags override the environment, and the environment the file', () => {
    const text = 'region = "eu-west-1"\ncity = "paris"\n[train]\neta = 0.3\n'
    const fromFile = loadConfig({ file: file(text) })
    expect([fromFile.region, fromFile.train.eta]).toEqual(['eu-west-1', 0.3])
    const env = {
      BIKESHARE_CITY: 'nyc',
      BIKESHARE_TRAIN__ETA: '0.1',
      BIKESHARE_AWS__BUCKET: '',
      PATH: '/bin',
    }
    const fromEnv = loadConfig({ file: file(text), env })
    expect([fromEnv.city, fromEnv.train.eta]).toEqual(['nyc', 0.1])
    expect(loadConfig({ file: file(text), env, flags: { city: 'sf', region: undefined } })).toMatchObject({
      city: 'sf',
      region: 'eu-west-1',
    })
  })

  it('names the nearest known key for an unknown one, in the file, a table and the environment', () => {
    expect(failure(() => loadConfig({ file: file('regoin = "x"') }))).toContain('did you mean "region"')
    expect(failure(() => loadConfig({ file: file('[train]\nmax_dept = 3') }))).toContain(
      'did you mean "train.max_depth"',
    )
    expect(failure(() => loadConfig({ env: { BIKESHARE_CTIY: 'nyc' } }))).toMatch(
      /BIKESHARE_CTIY.*did you mean "city"/,
    )
  })

  it('says where a value of a wrong type came from', () => {
    expect(failure(() => loadConfig({ file: file('[serve]\nport = "many"') }))).toMatch(
      /bikeshare\.toml: serve\.port/,
    )
    expect(failure(() => loadConfig({ flags: { city: 'New York' } }))).toMatch(/flag --city/)
  })

  it('says the line of a file that is not TOML', () => {
    expect(failure(() => loadConfig({ file: file('city = "nyc"\nregion = = 3') }))).toContain(
      'bikeshare.toml:2:',
    )
  })

  it('reads a text from the environment as text even when it looks like a number', () => {
    expect(loadConfig({ env: { BIKESHARE_AWS_PROFILE: '123456' } }).aws_profile).toBe('123456')
  })
})

describe('cities', () => {
  it('knows three cities, and takes any other as one URL', () => {
    expect(cityFeed(loadConfig({}), 'nyc').gbfs_url).toContain('citibikenyc')
    const config = loadConfig({ file: file('[cities.oslo]\ngbfs_url = "https://example.org/gbfs.json"') })
    expect(cityFeed(config, 'oslo')).toMatchObject({
      gbfs_url: 'https://example.org/gbfs.json',
      allow_private_feeds: false,
    })
  })

  it('names the near one when a city is unknown', () => {
    expect(failure(() => cityFeed(loadConfig({}), 'pari'))).toContain('did you mean "paris"')
  })
})

describe('nearest', () => {
  it('finds a word two edits away and none that is far', () => {
    expect(nearest('workgrop', ['workgroup', 'db'])).toBe('workgroup')
    expect(nearest('zzzzzz', ['workgroup', 'db'])).toBeUndefined()
  })
})

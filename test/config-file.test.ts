import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/core/config/load.ts'
import { renderSettings } from '../src/app/cli/commands/init.ts'
import { trainingParamsSchema } from '../src/core/contracts/manifest.ts'

const path = resolve(import.meta.dirname, '../bikeshare.toml')
const text = readFileSync(path, 'utf8')

describe('bikeshare.toml', () => {
  it('says the defaults, every one of them', () => {
    const defaults = { ...loadConfig({}), train: trainingParamsSchema.parse({}) }
    expect(loadConfig({ file: { path, text } })).toEqual(defaults)
  })

  it('shows each key without a default as a comment that works when uncommented', () => {
    const uncommented = text.replaceAll(/^# (\[?[a-z_.]+\]?( = .*)?)$/gm, '$1')
    const config = loadConfig({ file: { path, text: uncommented } })
    expect(config.city).toBe('nyc')
    expect(config.aws_profile).toBe('my-profile')
    expect(config.athena_output).toMatch(/^s3:/)
    expect(config.cities['oslo']?.gbfs_url).toContain('gbfs.json')
    expect(config.release.stop_staging_after_hours).toBe(72)
    expect(config.mlflow?.experiment).toBe('bikeshare')
  })

  it('is what init writes, with the city filled in', () => {
    const written = renderSettings(text, {
      city: 'oslo',
      feed: 'https://example.org/gbfs.json',
      country: 'NO',
    })
    const config = loadConfig({ file: { path, text: written } })
    expect(config.city).toBe('oslo')
    expect(config.cities['oslo']).toMatchObject({ gbfs_url: 'https://example.org/gbfs.json', country: 'NO' })
  })
})

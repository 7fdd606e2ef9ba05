import { OperatorError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { CITY_PROFILES } from './profiles.ts'
import type { Config } from './schema.ts'

/** What ingest needs to know of a city. */
export interface CityFeed {
  readonly city: string
  readonly gbfs_url: string
  readonly country: string | null
  /** Only when configured; otherwise the feed's own. */
  readonly timezone: string | null
  readonly weather: 'open-meteo' | 'none'
  readonly allow_private_feeds: boolean
}

/** The feed of `city`: its `[cities.NAME]` table, else a ready-made profile. CONFIG when there is neither. */
export function cityFeed(config: Config, city: string): CityFeed {
  const table = config.cities[city]
  const profile = CITY_PROFILES[city]
  const url = table?.gbfs_url ?? profile?.gbfs_url
  if (url === undefined) {
    const known = [...new Set([...Object.keys(config.cities), ...Object.keys(CITY_PROFILES)])]
    const near = nearest(city, known)
    throw new OperatorError(
      'CONFIG',
      `no feed is known for the city "${city}"${near ? `; did you mean "${near}"?` : ''} (known: ${known.join(', ')})`,
      `Add it to bikeshare.toml:\n  [cities.${city}]\n  gbfs_url = "https://…/gbfs.json"`,
    )
  }
  return {
    city,
    gbfs_url: url,
    country: table?.country ?? profile?.country ?? null,
    timezone: table?.timezone ?? null,
    weather: table?.weather ?? 'open-meteo',
    allow_private_feeds: table?.allow_private_feeds ?? false,
  }
}

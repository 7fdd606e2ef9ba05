import type { Config } from './config/schema.ts'

/** What a city's things in one AWS account are called. */
export interface CityNames {
  /** Of endpoints: `bikeshare`, and `bikeshare-CITY` for any city but the first. */
  readonly prefix: string
  /** Of Glue: `db`, and `DB_CITY` for any city but the first. */
  readonly database: string
}

/** The names of a city in an account whose first city is `first`; where none is said to be, every city is taken for it. */
export function cityNames(
  city: string,
  { first = city, db }: { readonly first?: string | undefined; readonly db: string },
): CityNames {
  return city === first
    ? { prefix: 'bikeshare', database: db }
    : { prefix: `bikeshare-${city}`, database: `${db}_${city.replaceAll('-', '_')}` }
}

/** How a city's endpoints begin by the settings. On one machine every city has a host of its own, and all begin alike. */
export const endpointPrefix = (
  { platform, db, aws }: Pick<Config, 'platform' | 'db' | 'aws'>,
  city: string,
): string => cityNames(city, { first: platform === 'aws' ? aws.first_city : city, db }).prefix

/** A city as published by its operator; the time zone comes from the feed. */
export interface CityProfile {
  readonly gbfs_url: string
  /** ISO 3166 code for public holidays. */
  readonly country: string
  readonly title: string
}

/** Ready-made cities. Any other is `[cities.NAME]` with its `gbfs_url`. */
export const CITY_PROFILES: Readonly<Record<string, CityProfile>> = {
  nyc: {
    gbfs_url: 'https://gbfs.citibikenyc.com/gbfs/2.3/gbfs.json',
    country: 'US',
    title: 'Citi Bike, New York',
  },
  sf: {
    gbfs_url: 'https://gbfs.baywheels.com/gbfs/2.3/gbfs.json',
    country: 'US',
    title: 'Bay Wheels, San Francisco',
  },
  paris: {
    gbfs_url: 'https://velib-metropole-opendata.smovengo.cloud/opendata/Velib_Metropole/gbfs.json',
    country: 'FR',
    title: "Vélib' Métropole, Paris",
  },
}

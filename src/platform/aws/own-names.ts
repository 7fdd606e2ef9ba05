const FAMILY = 'bikeshare-'

/**
 * Which names of an account are a city's own. Endpoints of the city are `PREFIX-…` (`bikeshare-prod`), those of a further city have
 * a longer prefix (`bikeshare-CITY-prod`), and an alarm is named after its endpoint without `bikeshare-`.
 */
export function ownNames(prefix: string): {
  readonly ownsEndpoint: (name: string) => boolean
  readonly ownsAlarm: (name: string) => boolean
} {
  const stem = `${prefix}-`
  const alarmStem = stem.startsWith(FAMILY) ? stem.slice(FAMILY.length) : stem
  return {
    ownsEndpoint: (name) => name.startsWith(stem) && !OTHER_CITY.test(name.slice(stem.length)),
    ownsAlarm: (name) => name.startsWith(`${alarmStem}prod-`),
  }
}

const OTHER_CITY = /^[a-z0-9-]+-(?:prod|staging)(?:-docks)?$/

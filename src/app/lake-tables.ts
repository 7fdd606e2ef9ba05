import type { Config } from '../core/config/schema.ts'
import { TARGETS } from '../core/contracts/features.ts'
import { endpointName, STAGES } from '../core/names.ts'
import { VIEWS } from '../data/lake/views.ts'
import type { TablesWanted } from './cli/command.ts'

/** A lake's first day, where nobody says. */
export const FIRST_DAY = '2020-01-01'

/** The tables and views of a city's lake, by the names of the settings, for whatever endpoints it may have. */
export function lakeTables(config: Config, city: string, since = FIRST_DAY): TablesWanted {
  const names = {
    station_information: config.view_station_info_latest,
    predictions: config.view_predictions,
    quality: config.view_quality,
  }
  return {
    city,
    endpoints: ['bikeshare', `bikeshare-${city}`].flatMap((prefix) =>
      STAGES.flatMap((stage) => TARGETS.map((target) => endpointName(stage, target, prefix))),
    ),
    since,
    views: VIEWS.map(({ key, sql, columns }) => ({ name: names[key], sql, columns })),
  }
}

import type { StationView } from '../../../core/contracts/api/station.ts'
import { partitionPrefix } from '../../../core/keys.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, dsRange, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

const WEATHER_SQL = loadSql(import.meta.url, './weather-at.sql')
/** Weather that is older is not joined to a slot. */
const MAX_AGE_SECONDS = 6 * HOUR_SECONDS

/** The weather at a slot as the features have it; null without any. */
export async function weatherAt(source: CitySource, slot: EpochSeconds): Promise<StationView['weather']> {
  const { platform, info } = source
  const from = slot - MAX_AGE_SECONDS
  const files = await Promise.all(
    dsRange(from, slot).map((ds) => listed(platform.store, partitionPrefix('weather_hourly', info.city, ds))),
  )
  return kept(cacheOf(source).lists, `weather/${slot}`, tokenOf(files.flat()), async () => {
    const weather = {
      dataset: 'weather_hourly',
      city: info.city,
      dsFrom: dsOf(from),
      dsTo: dsOf(slot),
    } as const
    const [found] = await platform.warehouse.rows<NonNullable<StationView['weather']>>({
      name: 'weather-at',
      sql: WEATHER_SQL,
      tables: { weather },
      params: { at: slot },
    })
    return found ?? null
  })
}

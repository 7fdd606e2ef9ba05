/** Version of the feature contract: names, order and meaning together. */
export const FEATURE_CONTRACT = 'v1'

/** The 25 features of contract v1, in the order that training, endpoints and monitoring share. All are float32. */
export const FEATURE_NAMES = [
  'util_bikes',
  'util_docks',
  'delta_bikes_5m',
  'delta_docks_5m',
  'roll15_net_bikes',
  'roll30_net_bikes',
  'roll60_net_bikes',
  'roll15_bikes_mean',
  'roll30_bikes_mean',
  'roll60_bikes_mean',
  'nbr_bikes_weighted',
  'nbr_docks_weighted',
  'hour',
  'dow',
  'is_weekend',
  'is_holiday',
  'temp_c',
  'precip_mm',
  'wind_kph',
  'rhum_pct',
  'pres_hpa',
  'wind_dir_deg',
  'wind_gust_kph',
  'snow_mm',
  'weather_code',
] as const

export type FeatureName = (typeof FEATURE_NAMES)[number]

/** Features that come from the state of stations: the ones that drift and missing checks look at. */
export const STATION_STATE_FEATURES = FEATURE_NAMES.slice(0, 12)
/** Features that come from the weather. */
export const WEATHER_FEATURES = FEATURE_NAMES.slice(16)

/** What a model predicts. */
export const TARGETS = ['bikes', 'docks'] as const
export type Target = (typeof TARGETS)[number]

/** A station counts as running out at this many bikes (docks) or fewer. */
export const STOCKOUT_AT_MOST = 2

/** Column names that belong to a target. */
export const TARGET_COLUMNS = {
  bikes: { label: 'y_stockout_bikes_30', target: 'target_bikes_t30', count: 'bikes', usable: 'usable_bikes' },
  docks: { label: 'y_stockout_docks_30', target: 'target_docks_t30', count: 'docks', usable: 'usable_docks' },
} as const satisfies Record<Target, { label: string; target: string; count: string; usable: string }>

/**
 * Columns of a `features` partition, in order. One row is one station at one 5-minute slot in which its state is known.
 * `slot` and `state_at` are epoch seconds (BIGINT); `usable_*` tells ghosts apart (installed and renting / returning).
 */
export const FEATURE_ROW_COLUMNS = [
  'city',
  'dt',
  'slot',
  'station_id',
  'state_at',
  'capacity',
  'lat',
  'lon',
  'bikes',
  'docks',
  'usable_bikes',
  'usable_docks',
  ...FEATURE_NAMES,
  'target_bikes_t30',
  'target_docks_t30',
  'y_stockout_bikes_30',
  'y_stockout_docks_30',
] as const

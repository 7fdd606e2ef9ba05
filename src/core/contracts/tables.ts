import { FEATURE_NAMES } from './features.ts'
import type { Dataset } from '../keys.ts'

/** Types a column of the lake may have, by DuckDB's names. Times are epoch seconds in BIGINT. */
export type ColumnType = 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'SMALLINT' | 'DOUBLE' | 'FLOAT' | 'BOOLEAN'

/** One column of a table: its name and type. */
export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
}

/** Name of anything a statement can read as a table. */
export type TableName = Dataset | 'predictions' | 'monitoring_quality'

const columns = (...list: readonly (readonly [string, ColumnType])[]): readonly TableColumn[] =>
  list.map(([name, type]) => ({ name, type }))

/** Sorted by (last_updated, station_id) and unique in it. */
const STATION_STATUS = columns(
  ['last_updated', 'BIGINT'],
  ['station_id', 'VARCHAR'],
  ['num_bikes_available', 'INTEGER'],
  ['num_docks_available', 'INTEGER'],
  ['num_bikes_disabled', 'INTEGER'],
  ['num_docks_disabled', 'INTEGER'],
  ['num_ebikes_available', 'INTEGER'],
  ['is_installed', 'BOOLEAN'],
  ['is_renting', 'BOOLEAN'],
  ['is_returning', 'BOOLEAN'],
  ['last_reported', 'BIGINT'],
)

/**
 * Columns of every Parquet dataset, in the order they are stored. A file of the dataset has exactly these; a dataset
 * without files is an empty table with these.
 */
export const TABLE_SCHEMAS: Readonly<Record<TableName, readonly TableColumn[]>> = {
  station_status: STATION_STATUS,
  station_status_live: STATION_STATUS,
  /** One row per station and version; a version only where something changed. */
  station_information: columns(
    ['valid_from', 'BIGINT'],
    ['station_id', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['short_name', 'VARCHAR'],
    ['lat', 'DOUBLE'],
    ['lon', 'DOUBLE'],
    ['capacity', 'INTEGER'],
    ['region_id', 'VARCHAR'],
  ),
  /** Of `station_information`, for the day of the partition: sorted by (valid_from, station_id). */
  stations: columns(
    ['valid_from', 'BIGINT'],
    ['station_id', 'VARCHAR'],
    ['lat', 'DOUBLE'],
    ['lon', 'DOUBLE'],
    ['capacity', 'INTEGER'],
  ),
  /** The whole set per version. `weight_ppb`: parts per billion. */
  neighbours: columns(
    ['valid_from', 'BIGINT'],
    ['station_id', 'VARCHAR'],
    ['neighbour_id', 'VARCHAR'],
    ['weight_ppb', 'BIGINT'],
  ),
  /** Unique in (valid_at, issued_at, source) and sorted by it. */
  weather_hourly: columns(
    ['valid_at', 'BIGINT'],
    ['issued_at', 'BIGINT'],
    ['source', 'VARCHAR'],
    ['temp_c', 'DOUBLE'],
    ['precip_mm', 'DOUBLE'],
    ['wind_kph', 'DOUBLE'],
    ['rhum_pct', 'DOUBLE'],
    ['pres_hpa', 'DOUBLE'],
    ['wind_dir_deg', 'DOUBLE'],
    ['wind_gust_kph', 'DOUBLE'],
    ['snow_mm', 'DOUBLE'],
    ['weather_code', 'DOUBLE'],
  ),
  /** 288 rows a UTC day; `dow` 0 is Monday. */
  calendar: columns(
    ['slot', 'BIGINT'],
    ['dt', 'VARCHAR'],
    ['hour', 'INTEGER'],
    ['dow', 'INTEGER'],
    ['is_weekend', 'INTEGER'],
    ['is_holiday', 'INTEGER'],
  ),
  /** `FEATURE_ROW_COLUMNS`, sorted by (slot, station_id). */
  features: columns(
    ['city', 'VARCHAR'],
    ['dt', 'VARCHAR'],
    ['slot', 'BIGINT'],
    ['station_id', 'VARCHAR'],
    ['state_at', 'BIGINT'],
    ['capacity', 'INTEGER'],
    ['lat', 'DOUBLE'],
    ['lon', 'DOUBLE'],
    ['bikes', 'INTEGER'],
    ['docks', 'INTEGER'],
    ['usable_bikes', 'BOOLEAN'],
    ['usable_docks', 'BOOLEAN'],
    ...FEATURE_NAMES.map((name) => [name, 'FLOAT'] as const),
    ['target_bikes_t30', 'INTEGER'],
    ['target_docks_t30', 'INTEGER'],
    ['y_stockout_bikes_30', 'INTEGER'],
    ['y_stockout_docks_30', 'INTEGER'],
  ),
  /** The `Prediction` contract; all endpoints together. */
  predictions: columns(
    ['city', 'VARCHAR'],
    ['endpoint', 'VARCHAR'],
    ['target', 'VARCHAR'],
    ['slot', 'BIGINT'],
    ['dt', 'VARCHAR'],
    ['station_id', 'VARCHAR'],
    ['count_now', 'INTEGER'],
    ['score', 'DOUBLE'],
    ['threshold', 'DOUBLE'],
    ['stockout', 'BOOLEAN'],
    ['variant', 'VARCHAR'],
    ['model_version', 'VARCHAR'],
    ['features_hash', 'VARCHAR'],
    ['inference_id', 'VARCHAR'],
    ['shuffle_seed', 'BIGINT'],
    ['made_at', 'BIGINT'],
    ['backfilled', 'BOOLEAN'],
  ),
  /** The `QualityRow` contract; all endpoints, batches and revisions together. */
  monitoring_quality: columns(
    ['city', 'VARCHAR'],
    ['endpoint', 'VARCHAR'],
    ['target', 'VARCHAR'],
    ['ends_at', 'BIGINT'],
    ['dt', 'VARCHAR'],
    ['revision', 'INTEGER'],
    ['digest', 'VARCHAR'],
    ['kind', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['model_version', 'VARCHAR'],
    ['batches', 'INTEGER'],
    ['samples', 'INTEGER'],
    ['unlabelled', 'INTEGER'],
    ['positives', 'INTEGER'],
    ['prevalence', 'DOUBLE'],
    ['pr_auc', 'DOUBLE'],
    ['persistence_pr_auc', 'DOUBLE'],
    ['onset_samples', 'INTEGER'],
    ['onset_positives', 'INTEGER'],
    ['onset_prevalence', 'DOUBLE'],
    ['onset_pr_auc', 'DOUBLE'],
    ['persistence_onset_pr_auc', 'DOUBLE'],
    ['brier', 'DOUBLE'],
    ['calibration_error', 'DOUBLE'],
    ['hit_rate', 'DOUBLE'],
    ['precision', 'DOUBLE'],
    ['recall', 'DOUBLE'],
    ['f1', 'DOUBLE'],
    ['persistence_f1', 'DOUBLE'],
    ['tp', 'INTEGER'],
    ['fp', 'INTEGER'],
    ['tn', 'INTEGER'],
    ['fn', 'INTEGER'],
    ['capacity_min', 'INTEGER'],
    ['capacity_max', 'INTEGER'],
  ),
}

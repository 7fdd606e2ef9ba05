import { dsOf, dtOf, type EpochSeconds } from './time.ts'

/** The datasets of the lake that are Parquet, partitioned by city and day: `PREFIX/city=C/ds=D/*.parquet`. */
export const DATASETS = {
  /** Curated status, one file a closed day; see `station_status_live` for days still open. */
  station_status: 'curated/station_status',
  /** Curated status, one file a snapshot, until its day is compacted. */
  station_status_live: 'curated/station_status_live',
  /** Curated information: one row per station and version, partitioned by the day of `valid_from`. */
  station_information: 'curated/station_information',
  /** Per day the versions of `station_information` in force from 75 min before it until its end: what features read. */
  stations: 'curated/stations',
  /** Neighbour weights, one set per version of the stations' positions, by the day of `valid_from`. */
  neighbours: 'curated/neighbours',
  /** Curated hourly weather by the day of `valid_at`. */
  weather_hourly: 'curated/weather_hourly',
  /** One row per 5-minute slot of the day with the city's local calendar. */
  calendar: 'curated/calendar',
  /** Feature rows of contract v1 with labels. */
  features: 'features',
} as const

/** Name of a partitioned Parquet dataset. */
export type Dataset = keyof typeof DATASETS

/** `curated/station_status/city=C/ds=2023-04-03/` */
export const partitionPrefix = (dataset: Dataset, city: string, ds: string): string =>
  `${DATASETS[dataset]}/city=${city}/ds=${ds}/`

/** The single file of a compacted day. */
export const dayKey = (dataset: Dataset, city: string, ds: string): string =>
  `${partitionPrefix(dataset, city, ds)}day.parquet`

/** One snapshot's curated file while its day is open. */
export const liveStatusKey = (city: string, lastUpdated: EpochSeconds): string =>
  `${partitionPrefix('station_status_live', city, dsOf(lastUpdated))}${dtOf(lastUpdated)}.parquet`

/** Feeds kept as received. */
export type RawFeed = 'station_status' | 'station_information' | 'weather_hourly'

/** `raw/station_status/city=C/dt=YYYY-MM-DD-HH-mm-ss/` */
export const rawPrefix = (feed: RawFeed, city: string, at: EpochSeconds): string =>
  `raw/${feed}/city=${city}/dt=${dtOf(at)}/`

/** A refused batch: its body, and the reason in `_error.json`. `id` tells apart what shares a `dt`. */
export const ingestErrorPrefix = (city: string, at: EpochSeconds, id: string): string =>
  `ingest_errors/city=${city}/dt=${dtOf(at)}/${id}/`

/** Predictions of one batch of one endpoint. */
export const predictionsKey = (endpoint: string, city: string, slot: EpochSeconds): string =>
  `inference/endpoint=${endpoint}/city=${city}/ds=${dsOf(slot)}/dt=${dtOf(slot)}/predictions.parquet`

/** What a partial batch got so far; gone once the batch is whole. */
export const pendingPredictionsKey = (endpoint: string, city: string, slot: EpochSeconds): string =>
  `inference/endpoint=${endpoint}/city=${city}/ds=${dsOf(slot)}/dt=${dtOf(slot)}/_pending.json`

/** `monitoring/quality/endpoint=E/city=C/ds=D/dt=DT/`: the figures of the 24 hours that end at a batch. */
export const qualityPrefix = (endpoint: string, city: string, at: EpochSeconds): string =>
  `monitoring/quality/endpoint=${endpoint}/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/`

/** What was published first (revision 0), or a later revision. */
export const qualityKey = (endpoint: string, city: string, at: EpochSeconds, revision = 0): string =>
  `${qualityPrefix(endpoint, city, at)}quality${revision === 0 ? '' : `-r${revision}`}.parquet`

/** What held-out days say of a model version's quality. */
export const qualityBaselineKey = (group: string, version: string): string =>
  `monitoring/baseline/${group}/${version}/quality.json`

/** A day's estimates of an endpoint. */
export const estimatesKey = (endpoint: string, city: string, ds: string): string =>
  `monitoring/estimate/endpoint=${endpoint}/city=${city}/ds=${ds}/estimates.json`

/** Of the predictions of a day, how many of each score came true. */
export const scoreCellsKey = (endpoint: string, city: string, ds: string): string =>
  `monitoring/calibration/endpoint=${endpoint}/city=${city}/ds=${ds}/cells.json`

/** How the training rows of a model version were distributed. */
export const driftBaselineKey = (group: string, version: string): string =>
  `monitoring/baseline/${group}/${version}/drift.json`

/** What an endpoint received in the hour that ends at `at`, counted. */
export const receivedKey = (endpoint: string, city: string, at: EpochSeconds): string =>
  `monitoring/received/endpoint=${endpoint}/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/received.json`

/** Drift of an endpoint over the 24 hours that end at `at`. */
export const driftKey = (endpoint: string, city: string, at: EpochSeconds): string =>
  `monitoring/drift/endpoint=${endpoint}/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/drift.json`

/** Of the predictions of the hour that ends at `at`, how many were made from other features than the lake's. */
export const skewKey = (city: string, at: EpochSeconds): string =>
  `monitoring/skew/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/skew.json`

/** Health of the feed over the 24 hours that end at `at`. */
export const feedKey = (city: string, at: EpochSeconds): string =>
  `monitoring/feed/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/feed.json`

/** What was fetched, and which stations changed, in the hour that ends at `at`. */
export const feedHourKey = (city: string, at: EpochSeconds): string =>
  `monitoring/feed_hours/city=${city}/ds=${dsOf(at)}/dt=${dtOf(at)}/hour.json`

/** In which hours of a day which stations changed. */
export const activityKey = (city: string, ds: string): string =>
  `monitoring/activity/city=${city}/ds=${ds}/activity.json`

export const modelPrefix = (group: string, version: string): string => `models/${group}/${version}/`
export const aliasesKey = (group: string): string => `models/${group}/aliases.json`
export const deploymentKey = (endpoint: string): string => `deployments/${endpoint}.json`
export const LAKE_KEY = 'lake.json'

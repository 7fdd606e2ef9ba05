import { isOperatorError, messageOf } from '../../../core/errors.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { featureSkew, type FeatureSkew } from '../skew/feature-skew.ts'
import { weatherFaults } from '../weather/weather-faults.ts'
import { ensureDriftBaseline } from './baseline.ts'
import type { DriftBaseline } from './baseline-file.ts'
import { capturedVariants } from './captures.ts'
import { compareColumn, compareFeatures } from './compare.ts'
import { writeDrift, type DriftRecord, type WeatherFault } from './drift-file.ts'
import { isRecent, putDriftMetrics } from './drift-metrics.ts'
import type { WeekHistogram } from './histograms.ts'
import { labelsWithin } from './labels.ts'
import { movedStations } from './moved-stations.ts'
import { MOVED } from './psi.ts'
import { receivedWithin, type Received } from './received.ts'
import { servedModels, type Served } from './served.ts'

/** What judging drift needs; without a scorer new baselines have no scores. */
export type DriftPlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'> &
  Partial<Pick<Platform, 'scorer'>>

export interface DriftOptions {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
  /** A whole hour: the result is as of then. */
  readonly at: EpochSeconds
  readonly now: EpochSeconds
  readonly namespace: string
  /** Puts metrics, at `at`; without it only the records are written. */
  readonly live: boolean
  /** Names the stations that moved even when no feature did. */
  readonly stations?: boolean
}

/** What judging needs to know; writing and putting metrics need the rest. */
type JudgeOptions = Omit<DriftOptions, 'now' | 'namespace' | 'live'>

const HOURS = DAY_SECONDS / HOUR_SECONDS

/**
 * Judges drift, writes a record an endpoint, and puts PSI, FeatureSkew and WeatherFaults; what is null puts no datapoint. Run
 * again it changes nothing.
 */
export async function runDrift(platform: DriftPlatform, options: DriftOptions): Promise<DriftRecord[]> {
  const records = await judgeDrift(platform, options)
  for (const record of records) await writeDrift(platform.store, record)
  if (options.live && isRecent(options)) await putDriftMetrics(platform.metrics, options.namespace, records)
  return records
}

/**
 * Judges what every endpoint of a city received in the 24 hours before `at` against the training rows of its model: PSI of
 * the station-state features, scores, labels, skew and weather; what cannot be told is null, with its reason. Keeps what it
 * counted by the hour, and nothing else.
 */
export async function judgeDrift(platform: DriftPlatform, options: JudgeOptions): Promise<DriftRecord[]> {
  const { city, timezone, country, at } = options
  const served = await servedModels(platform, city, at)
  if (served.length === 0) return []
  const labels = await labelsWithin(platform, { city, timezone, at })
  const skew = await featureSkew(platform, { city, timezone, country }, at)
  const weather = await weatherFaults(platform, { city, at })
  const records: DriftRecord[] = []
  for (const one of served) {
    const record = await judge(platform, options, one, {
      labels: labels.get(one.endpoint),
      skew: skew.get(one.endpoint),
      weather,
    })
    records.push(record)
  }
  return records
}

interface Besides {
  readonly labels: WeekHistogram | undefined
  readonly skew: FeatureSkew | undefined
  readonly weather: readonly WeatherFault[] | null
}

async function judge(
  platform: DriftPlatform,
  options: JudgeOptions,
  served: Served,
  { labels, skew, weather }: Besides,
): Promise<DriftRecord> {
  const { city, at } = options
  const { endpoint, target, group, version } = served
  const { baseline, received, reason } = await inputsOf(platform, options, served)
  const { features, greatest } =
    baseline && received ? compareFeatures(baseline, received.columns) : { features: [], greatest: undefined }
  const index = greatest?.psi ?? null
  const stations =
    baseline && received && (options.stations === true || (index ?? 0) >= MOVED)
      ? await movedStations(platform, { city, at, endpoint, baseline, features })
      : null
  return {
    drift_version: 1,
    city,
    endpoint,
    target,
    from: at - DAY_SECONDS,
    at,
    group,
    model_version: version,
    requests: received?.requests ?? 0,
    rows: received?.rows ?? 0,
    unread: received?.unread ?? 0,
    psi: index,
    psi_feature: greatest?.name ?? null,
    reason: index === null ? (reason ?? features[0]?.reason ?? 'nothing to compare') : null,
    features,
    score:
      baseline && received && baseline.columns.get('score')?.edges.length
        ? compareColumn('score', baseline, received.columns.get('score'))
        : null,
    label: baseline && labels ? compareColumn('label', baseline, labels) : null,
    stations,
    skew: skew ?? null,
    weather: weather && { faults: weather.reduce((sum, { hours }) => sum + hours, 0), found: [...weather] },
  }
}

async function inputsOf(
  platform: DriftPlatform,
  { city, timezone, at }: JudgeOptions,
  { endpoint, target, group, version }: Served,
): Promise<{ baseline?: DriftBaseline; received?: Received; reason?: string }> {
  let baseline: DriftBaseline
  try {
    baseline = await ensureDriftBaseline(platform, { city, target, group, version, timezone })
  } catch (error) {
    if (!isOperatorError(error)) throw error
    return { reason: messageOf(error) }
  }
  const variants = await capturedVariants(platform.store, endpoint)
  const received = await receivedWithin(platform, { endpoint, city, variants, at, hours: HOURS }, baseline)
  return received
    ? { baseline, received }
    : { baseline, reason: 'no request was captured: data capture is off, or nothing was asked' }
}

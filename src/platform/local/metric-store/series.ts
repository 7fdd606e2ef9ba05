import type { Dimensions, Metric, MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { distributionOf, type Distribution } from './distribution.ts'

/** Names one stored series within a namespace. */
export interface SeriesName {
  readonly MetricName: string
  readonly Dimensions: Dimensions
  readonly Unit: string
  /**
   * True for data that are parts of a whole: two alike are two. Otherwise the same datum again is the one that is there.
   */
  readonly parts: boolean
}

/** A datum as it is stored. */
export interface StoredDatum {
  readonly series: SeriesName
  /** Its `seriesKey`. */
  readonly key: string
  readonly t: EpochSeconds
  readonly v: Distribution
}

/** Data of one series by time; several may share a time. */
export interface Series {
  readonly name: SeriesName
  readonly t: readonly EpochSeconds[]
  readonly v: readonly Distribution[]
}

/**
 * Text that is the same for the same metric of a namespace, in whatever order its dimensions are written. Names have no line
 * breaks.
 */
export function metricKey({ MetricName, Dimensions }: Pick<Metric, 'MetricName' | 'Dimensions'>): string {
  const dimensions = Object.keys(Dimensions)
    .sort()
    .map((name) => `${name}\n${Dimensions[name]}`)
  return [MetricName, ...dimensions].join('\n')
}

export const seriesKey = (name: SeriesName): string => `${metricKey(name)}\n\n${name.Unit}\n${name.parts}`

/** A datum as it is stored; data that say the same in another way are the same. */
export function storedDatum(datum: MetricDatum, parts: boolean): StoredDatum {
  const { MetricName, Dimensions, Unit, Timestamp, Value, Values, Counts } = datum
  const series = { MetricName, Dimensions, Unit, parts }
  return {
    series,
    key: seriesKey(series),
    t: Timestamp,
    v: Values ? distributionOf(Values, Counts) : distributionOf([Value ?? Number.NaN]),
  }
}

/** Adds data to a series, in order of time; those that are there already only where they are parts. */
export function addToSeries(series: Series, data: readonly Pick<StoredDatum, 't' | 'v'>[]): Series {
  const all = series.t.map((t, i) => ({ t, v: series.v[i] ?? Number.NaN }))
  const seen = new Set(series.name.parts ? [] : all.map(identity))
  for (const datum of data) {
    if (!series.name.parts) {
      const id = identity(datum)
      if (seen.has(id)) continue
      seen.add(id)
    }
    all.push({ t: datum.t, v: datum.v })
  }
  all.sort((a, b) => a.t - b.t)
  return { name: series.name, t: all.map(({ t }) => t), v: all.map(({ v }) => v) }
}

const identity = ({ t, v }: Pick<StoredDatum, 't' | 'v'>): string => `${t}:${JSON.stringify(v)}`

import { DAY_SECONDS, dsOf, parseDt, type EpochSeconds } from '../../core/time.ts'
import { modelPrefix } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { datasetDays } from './days.ts'

/** Days that are kept, by their names in `[retention]`. */
export interface Retention {
  readonly raw_days: number
  readonly datacapture_days: number
  readonly ingest_errors_days: number
  readonly inference_days: number
  readonly monitoring_days: number
  readonly query_results_days: number
  readonly reports_days: number
}

/** Where a key has its day: `ds=2024-05-14/`, `dt=2024-05-14-…/`, `2024/05/14/`, or a model version `20240514T…/`. */
type DayOf = 'ds' | 'dt' | 'slashed' | 'version'

/** Data of one kind that go after a number of days. A key without a day, and what no rule names, stays for good. */
export interface LifecycleRule {
  readonly name: string
  /** `CITY` stands for the lake's city. */
  readonly prefix: string
  readonly setting: keyof Retention
  readonly day: DayOf
  /** What of it stays all the same. */
  readonly keeps?: Keeps
}

type Keeps = 'days that are not compacted' | 'the newest' | 'those of registered models'

/**
 * The lifecycle of the lake. Never here: curated data and features (what models are made from), models, deployments, alarm
 * definitions and states, the registry's and the deployments' history, metrics (they have CloudWatch's own retention).
 */
export const LIFECYCLE: readonly LifecycleRule[] = [
  rule('raw status', 'raw/station_status/city=CITY/', 'raw_days', 'dt', 'days that are not compacted'),
  rule('raw information', 'raw/station_information/city=CITY/', 'raw_days', 'dt', 'the newest'),
  rule('raw weather', 'raw/weather_hourly/city=CITY/', 'raw_days', 'dt'),
  rule('refused input', 'ingest_errors/city=CITY/', 'ingest_errors_days', 'dt'),
  rule('predictions', 'inference/', 'inference_days', 'ds'),
  rule('captured requests', 'datacapture/', 'datacapture_days', 'slashed'),
  rule('quality', 'monitoring/quality/', 'monitoring_days', 'ds'),
  rule('estimates', 'monitoring/estimate/', 'monitoring_days', 'ds'),
  rule('drift', 'monitoring/drift/', 'monitoring_days', 'ds'),
  rule('what was received', 'monitoring/received/', 'monitoring_days', 'ds'),
  rule('feature skew', 'monitoring/skew/', 'monitoring_days', 'ds'),
  rule('outcomes by score', 'monitoring/calibration/', 'monitoring_days', 'ds'),
  rule('feed health', 'monitoring/feed/', 'monitoring_days', 'ds'),
  rule('feed by the hour', 'monitoring/feed_hours/', 'monitoring_days', 'ds'),
  rule('station activity', 'monitoring/activity/', 'monitoring_days', 'ds'),
  rule('baselines', 'monitoring/baseline/', 'monitoring_days', 'version', 'those of registered models'),
  rule('alarm history', 'alarms/history/', 'monitoring_days', 'ds'),
  rule('alarm actions', 'alarms/actions/', 'monitoring_days', 'ds'),
  rule('query results', 'athena_results/', 'query_results_days', 'slashed'),
  rule('daily reports', 'reports/', 'reports_days', 'ds'),
  rule('refused models', 'training/', 'reports_days', 'version'),
]

function rule(
  name: string,
  prefix: string,
  setting: keyof Retention,
  day: DayOf,
  keeps?: Keeps,
): LifecycleRule {
  return { name, prefix, setting, day, ...(keeps && { keeps }) }
}

const DAY_PATTERNS: Readonly<Record<DayOf, RegExp>> = {
  ds: /\/ds=(\d{4})-(\d\d)-(\d\d)\/$/,
  dt: /\/dt=(\d{4})-(\d\d)-(\d\d)-[\d-]+\/$/,
  slashed: /\/(\d{4})\/(\d\d)\/(\d\d)\/$/,
  version: /\/(\d{4})(\d\d)(\d\d)T\d{6}Z-[^/]+\/$/,
}
/** No layout has its day deeper than this below the rule's prefix. */
const MAX_DEPTH = 6

/** A folder of the lake that a rule no longer keeps, ending in `/`. */
export interface ExpiredFolder {
  readonly rule: LifecycleRule
  readonly days: number
  readonly folder: string
}

/** The folders that are past their retention at `now`. Only folders are looked at, not the files of what stays. */
export async function* expiredFolders(
  store: ObjectStore,
  o: { readonly city: string; readonly now: EpochSeconds; readonly retention: Retention },
): AsyncGenerator<ExpiredFolder> {
  for (const rule of LIFECYCLE) {
    const days = o.retention[rule.setting]
    const limit = dsOf(o.now - days * DAY_SECONDS)
    const prefix = rule.prefix.replace('CITY', o.city)
    let keeps: ((folder: string, ds: string) => Promise<boolean>) | undefined
    for await (const { folder, ds } of dayFolders(store, prefix, rule.day)) {
      if (ds >= limit) continue
      keeps ??= await keeperOf(store, rule, prefix, o.city)
      if (!(await keeps(folder, ds))) yield { rule, days, folder }
    }
  }
}

async function* dayFolders(
  store: ObjectStore,
  prefix: string,
  day: DayOf,
  depth = 0,
): AsyncGenerator<{ folder: string; ds: string }> {
  for (const name of await store.folders(prefix)) {
    const folder = `${prefix}${name}/`
    const match = DAY_PATTERNS[day].exec(folder)
    if (match) yield { folder, ds: match.slice(1).join('-') }
    else if (depth < MAX_DEPTH) yield* dayFolders(store, folder, day, depth + 1)
  }
}

async function keeperOf(
  store: ObjectStore,
  { keeps }: LifecycleRule,
  prefix: string,
  city: string,
): Promise<(folder: string, ds: string) => Promise<boolean>> {
  switch (keeps) {
    case 'days that are not compacted': {
      const compacted = new Set(await datasetDays(store, 'station_status', city))
      return async (_folder, ds) => !compacted.has(ds)
    }
    case 'the newest': {
      const times = (await store.folders(prefix)).filter((name) => parseDt(name.slice(3)) !== undefined)
      const newest = `${prefix}${times.at(-1)}/`
      return async (folder) => folder === newest
    }
    case 'those of registered models':
      return async (folder) => {
        const [group = '', version = ''] = folder.slice(prefix.length).split('/')
        return (await store.get(`${modelPrefix(group, version)}manifest.json`)) !== undefined
      }
    default:
      return async () => false
  }
}

import type { AlarmDescription } from '../../core/contracts/cloudwatch.ts'
import type { Deployment } from '../../core/contracts/deployment.ts'
import type { HistoryEntry } from '../../core/contracts/history.ts'
import { isProd } from '../../core/names.ts'
import type { Reporter } from '../../core/report.ts'
import { loadSql } from '../../core/sql.ts'
import { DAY_SECONDS, dsOf, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { readHistory } from '../../model/serving/history.ts'
import type { Platform } from '../../platform/ports.ts'
import { ALARM_TABLE } from './alarm-table.ts'
import { alarmName, alarmsFor } from './alarms-for.ts'
import { qualityFloors } from './quality-floors.ts'
import { addSilence } from './silences.ts'

const STATION_COUNT = loadSql(import.meta.url, './station-count.sql')

type AlarmPlatform = Pick<Platform, 'alarms' | 'store' | 'warehouse'>

/** What is to be kept in step. */
export interface SyncOptions {
  readonly city: string
  /** Of our own metrics. */
  readonly namespace: string
  readonly now: EpochSeconds
  readonly report: Reporter
}

/** What a synchronisation came to. */
export interface SyncResult {
  /** The endpoints that have alarms now. */
  readonly endpoints: readonly string[]
  readonly alarms: number
  /** Alarms of endpoints that are gone. */
  readonly deleted: readonly string[]
}

/**
 * A new endpoint has no traffic and no metrics yet, which is no reason to call anybody: for so long, in seconds, the alarms that
 * take missing data for bad take no actions.
 */
const GRACE: Readonly<Record<string, number>> = {
  'low-traffic-24h': 2 * HOUR_SECONDS,
  '20m-zero': HOUR_SECONDS / 2,
  'endpoint-invoke-zero': HOUR_SECONDS / 2,
  'feed-stale-crit': HOUR_SECONDS / 2,
}

/** Alarms from the table by their names: of prod endpoints alone. */
const TABLE_NAME = new RegExp(`(^|-)prod(-docks)?-(${ALARM_TABLE.map(({ suffix }) => suffix).join('|')})$`)

/** Puts the alarms of every prod endpoint of a city, and deletes those of endpoints that are gone. Again it changes nothing. */
export async function syncAlarms(platform: AlarmPlatform, options: SyncOptions): Promise<SyncResult> {
  const { alarms, store } = platform
  const { city, report } = options
  const deployments = await prodDeployments(platform, city)
  const before = await alarms.describeAlarms()
  const stations = deployments.length === 0 ? null : await stationCount(platform, options)
  const wanted = new Set<string>()
  const history = await readHistory(store)
  for (const deployment of deployments) {
    const { endpoint } = deployment
    const mine = alarmsFor({
      endpoint,
      city,
      namespace: options.namespace,
      variants: watchedVariants(deployment, history, options.now),
      stations: stations ?? 0,
      floors: await qualityFloors(store, deployment.variants),
    })
    if (!before.some(({ alarm }) => mine.some(({ AlarmName }) => AlarmName === alarm.AlarmName)))
      await giveGrace(store, endpoint, options.now)
    for (const alarm of mine) {
      wanted.add(alarm.AlarmName)
      if ('AlarmRule' in alarm) await alarms.putCompositeAlarm(alarm)
      else if (!(stations === null && isTrafficAlarm(alarm.AlarmName) && isThere(before, alarm.AlarmName)))
        await alarms.putMetricAlarm(alarm)
    }
  }
  const deleted = before
    .map(({ alarm }) => alarm.AlarmName)
    .filter((name) => TABLE_NAME.test(name) && !wanted.has(name))
  if (deleted.length > 0) {
    await alarms.deleteAlarms(deleted)
    report.info(`Deleted ${deleted.length} alarms of endpoints that are gone.`)
  }
  return { endpoints: deployments.map(({ endpoint }) => endpoint), alarms: wanted.size, deleted }
}

/** What the prod endpoints of a city serve, by their records. */
export async function prodDeployments(
  { store }: Pick<Platform, 'store'>,
  city: string,
): Promise<Deployment[]> {
  const deployments: Deployment[] = []
  for await (const { key } of store.list('deployments/')) {
    const endpoint = /^deployments\/([^/]+)\.json$/.exec(key)?.[1]
    if (endpoint === undefined || !isProd(endpoint)) continue
    const deployment = await readDeployment(store, endpoint)
    if (deployment?.city === city) deployments.push(deployment)
  }
  return deployments.toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1))
}

/** The longest that an alarm looks back. */
const LOOK_BACK_SECONDS = DAY_SECONDS + HOUR_SECONDS

/**
 * The variants that serve, and those that did within what the alarms look back on: an A/B that was entered or left is no
 * endpoint without requests.
 */
function watchedVariants(
  { endpoint, variants }: Deployment,
  history: readonly HistoryEntry[],
  now: EpochSeconds,
): string[] {
  const own = history.filter((entry) => entry.endpoint === endpoint)
  const ended = own.filter((_, i) => (own[i + 1]?.at ?? now) > now - LOOK_BACK_SECONDS)
  const recent = ended.flatMap(({ to }) => to?.variants ?? [])
  return [...new Set([...variants, ...recent].map(({ variant }) => variant))]
}

// While the feed is away nobody knows how many stations there are, and what was due stays due.
const isTrafficAlarm = (name: string): boolean => name.endsWith('-low-traffic-24h')
const isThere = (alarms: readonly AlarmDescription[], name: string): boolean =>
  alarms.some(({ alarm }) => alarm.AlarmName === name)

/** Stations that the feed told of in the last hour; null when it told of none. */
async function stationCount(
  { warehouse }: AlarmPlatform,
  { city, now }: SyncOptions,
): Promise<number | null> {
  const from = now - HOUR_SECONDS
  const [row] = await warehouse.rows<{ stations: number }>({
    name: 'station-count',
    sql: STATION_COUNT,
    tables: {
      status: {
        dataset: 'station_status',
        city,
        dsFrom: dsOf(from),
        dsTo: dsOf(now),
        since: from,
        until: now,
      },
    },
    params: { from, to: now },
  })
  return row && row.stations > 0 ? row.stations : null
}

async function giveGrace(store: Platform['store'], endpoint: string, now: EpochSeconds): Promise<void> {
  for (const [suffix, seconds] of Object.entries(GRACE))
    await addSilence(store, {
      alarm: alarmName(endpoint, suffix),
      from: now,
      seconds,
      by: 'bikeshare',
      why: 'the endpoint is new',
    })
}

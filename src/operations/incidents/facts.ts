import type { AlarmHistoryItem } from '../../core/contracts/cloudwatch.ts'
import type { HistoryEntry, Served } from '../../core/contracts/history.ts'
import type { Incident } from '../../core/contracts/incident.ts'
import { SHADOW, ONLY_VARIANT, type Release } from '../../core/contracts/release.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { readHistory, servedAt, verifyHistory } from '../../model/serving/history.ts'
import type { Platform } from '../../platform/ports.ts'
import { ALARM_TABLE } from '../alarms/alarm-table.ts'
import { alarmName } from '../alarms/alarms-for.ts'
import { listReleases } from '../release/release-store.ts'
import { commandsOf, type Command } from './commands.ts'
import { releaseSpan } from './find-release.ts'
import { readSeries, type EndpointSeries, type Span } from './series.ts'
import { timelineOf, type Moment } from './timeline.ts'

/** An endpoint of an incident: what it served, by the history, and its metrics. Undefined is not known, null nothing. */
export interface EndpointFacts {
  readonly endpoint: string
  readonly at_beginning: Served | null | undefined
  readonly at_opening: Served | null | undefined
  readonly now: Served | null | undefined
  readonly series: EndpointSeries
}

/** Everything that the report of an incident shows, read from the lake's records as of `as_of`. */
export interface IncidentFacts {
  readonly incident: Incident
  readonly as_of: EpochSeconds
  /** What timeline, alarms and graphs are of. */
  readonly span: Span
  readonly release: Release | null
  readonly endpoints: readonly EndpointFacts[]
  readonly timeline: readonly Moment[]
  /** State changes and actions of the endpoints' alarms, oldest first. */
  readonly alarms: readonly AlarmHistoryItem[]
  readonly commands: readonly Command[]
  /** What is wrong with the history that "what served" was read from. */
  readonly history_problems: readonly string[]
}

/** What reading needs of the platform. */
export type FactsPlatform = Pick<Platform, 'store' | 'metrics' | 'alarms'>

/** Shown before it began and after it ended, seconds. */
export const AROUND_SECONDS = 12 * HOUR_SECONDS
/** Longest span that is shown. */
const LONGEST = 4 * DAY_SECONDS

/** The span that an incident is shown over: around it, as far as it has come, four days at most. */
export function spanOf({ began, closed }: Incident, now: EpochSeconds): Span {
  const from = Math.floor((began - AROUND_SECONDS) / HOUR_SECONDS) * HOUR_SECONDS
  const to = Math.min(now, (closed?.at ?? now) + AROUND_SECONDS, from + LONGEST)
  return { from, to: Math.ceil(Math.max(to, from + 1) / HOUR_SECONDS) * HOUR_SECONDS }
}

/** Reads what there is to know of an incident. */
export async function readFacts(
  platform: FactsPlatform,
  incident: Incident,
  { now, namespace }: { readonly now: EpochSeconds; readonly namespace: string },
): Promise<IncidentFacts> {
  const { store } = platform
  const span = spanOf(incident, now)
  const history = await readHistory(store)
  const releases = await listReleases(store)
  const release = releases.find(({ id }) => id === incident.release_id) ?? null
  const names = [
    ...new Set([incident.endpoint, ...(release?.endpoints ?? []).map(({ endpoint }) => endpoint)]),
  ]
  const concerned = releases.filter((one) => concerns(one, names, span))
  const own = history.filter(({ endpoint, at }) => names.includes(endpoint) && isIn(span, at))
  const alarms = await alarmHistory(platform, incident, release, names, span)
  const endpoints: EndpointFacts[] = []
  for (const endpoint of names)
    endpoints.push({
      endpoint,
      at_beginning: servedAt(history, endpoint, incident.began),
      at_opening: servedAt(history, endpoint, incident.opened_at),
      now: await servedNow(store, history, endpoint, now),
      series: await readSeries(
        platform.metrics,
        { endpoint, city: incident.city, namespace },
        variantsOf(history, concerned, endpoint, span),
        span,
      ),
    })
  return {
    incident,
    as_of: now,
    span,
    release,
    endpoints,
    timeline: timelineOf({ incident, releases: concerned, history: own, alarms }),
    alarms,
    commands: commandsOf(concerned, own),
    history_problems: await verifyHistory(store),
  }
}

const isIn = ({ from, to }: Span, at: EpochSeconds): boolean => at >= from && at <= to

function concerns(release: Release, names: readonly string[], { from, to }: Span): boolean {
  const own = releaseSpan(release)
  return (
    own.from <= to && own.to >= from && release.endpoints.some(({ endpoint }) => names.includes(endpoint))
  )
}

/** By the history; of an endpoint that it does not know, by the deployment record. */
async function servedNow(
  store: Platform['store'],
  history: readonly HistoryEntry[],
  endpoint: string,
  now: EpochSeconds,
): Promise<Served | null | undefined> {
  const served = servedAt(history, endpoint, now)
  if (served !== undefined) return served
  const deployment = await readDeployment(store, endpoint)
  return deployment && { endpoint_config: deployment.endpoint_config, variants: deployment.variants }
}

async function alarmHistory(
  { alarms }: FactsPlatform,
  incident: Incident,
  release: Release | null,
  endpoints: readonly string[],
  { from, to }: Span,
): Promise<AlarmHistoryItem[]> {
  const names = new Set([
    ...endpoints.flatMap((endpoint) => ALARM_TABLE.map(({ suffix }) => alarmName(endpoint, suffix))),
    ...(release?.alarms ?? []),
    ...(incident.alarm === null ? [] : [incident.alarm]),
  ])
  const items = await alarms.describeAlarmHistory({ from, to })
  return items.filter((item) => names.has(item.AlarmName) && item.HistoryItemType !== 'ConfigurationUpdate')
}

/** The variants that served in a span, in order, a shadow last. */
function variantsOf(
  history: readonly HistoryEntry[],
  releases: readonly Release[],
  endpoint: string,
  span: Span,
): string[] {
  const own = history.filter((entry) => entry.endpoint === endpoint)
  const served = [
    servedAt(history, endpoint, span.from),
    ...own.filter(({ at }) => isIn(span, at)).map(({ to }) => to),
  ]
  const names = new Set(served.flatMap((one) => (one?.variants ?? []).map(({ variant }) => variant)))
  if (names.size === 0) names.add(ONLY_VARIANT)
  if (releases.some(({ strategy }) => strategy.type === 'shadow')) names.add(SHADOW)
  return [...names].sort((a, b) => Number(a === SHADOW) - Number(b === SHADOW) || (a < b ? -1 : 1))
}

import type { Dimensions, Metric } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS, HOUR_SECONDS, parseDs, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'
import type { Archive } from './archive.ts'
import { ALL_NAMESPACES, namespacePrefix } from './keys.ts'
import { metricKey } from './series.ts'
import { openWindow } from './window.ts'

const LISTED_SECONDS = 14 * DAY_SECONDS

export interface MetricFilter {
  readonly Namespace?: string
  readonly MetricName?: string
  readonly Dimensions?: Dimensions
}

/** Metrics that match and have data of the two weeks before `now`, or any at all without it; by namespace and name. */
export async function listMetrics(
  { store, archive }: { readonly store: ObjectStore; readonly archive: Archive },
  filter: MetricFilter,
  now: EpochSeconds | undefined,
): Promise<Metric[]> {
  const namespaces = filter.Namespace === undefined ? await namespacesOf(store) : [filter.Namespace]
  const found: Metric[] = []
  for (const Namespace of namespaces.sort()) {
    const span = now === undefined ? await spanOf(store, Namespace) : aroundNow(now)
    if (!span) continue
    const window = await openWindow(archive, { namespace: Namespace, ...span })
    const metrics = window
      .metrics()
      .filter((metric) => matches(metric, filter))
      .map((metric) => ({ key: metricKey(metric), metric }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    found.push(...metrics.map(({ metric }) => ({ Namespace, ...metric })))
  }
  return found
}

/** Namespaces that anything was ever put in. */
export async function namespacesOf(store: ObjectStore): Promise<string[]> {
  return (await store.folders(ALL_NAMESPACES)).map(decodeURIComponent)
}

function aroundNow(now: EpochSeconds): { from: number; to: number; newest: number } {
  const to = now + 2 * HOUR_SECONDS + 1
  return { from: now - LISTED_SECONDS, to, newest: to + DAY_SECONDS }
}

async function spanOf(
  store: ObjectStore,
  namespace: string,
): Promise<{ from: number; to: number; newest: number } | undefined> {
  const days = await daysOf(store, namespace)
  const [first] = days
  const last = days.at(-1)
  if (first === undefined || last === undefined) return undefined
  const to = parseDs(last) + DAY_SECONDS
  return { from: parseDs(first) - LISTED_SECONDS - DAY_SECONDS, to, newest: to }
}

/** Days that a namespace has folders for, in order. */
export async function daysOf(store: ObjectStore, namespace: string): Promise<string[]> {
  const folders = await store.folders(namespacePrefix(namespace))
  return folders.flatMap((folder) => /^ds=(\d{4}-\d{2}-\d{2})$/.exec(folder)?.[1] ?? []).sort()
}

function matches(metric: Pick<Metric, 'MetricName' | 'Dimensions'>, filter: MetricFilter): boolean {
  if (filter.MetricName !== undefined && metric.MetricName !== filter.MetricName) return false
  return Object.entries(filter.Dimensions ?? {}).every(([name, value]) => metric.Dimensions[name] === value)
}

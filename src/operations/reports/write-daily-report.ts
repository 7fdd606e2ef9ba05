import { isProd } from '../../core/names.ts'
import { TARGETS, type Target } from '../../core/contracts/features.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { gaps } from '../../data/lake/gaps.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { Platform } from '../../platform/ports.ts'
import { readDrift } from '../monitoring/drift/drift-file.ts'
import { readFeed } from '../monitoring/feed/feed-file.ts'
import { sloReport } from '../slo/slo-report.ts'
import { alarmTimes } from './alarm-times.ts'
import { readCityDay, stationNames } from './city-day.ts'
import type { DayReport, EndpointDay } from './day-report.ts'
import { readDaySeries } from './day-series.ts'
import { localDay, type LocalDay } from './local-day.ts'
import { dayPage } from './page.ts'
import { readWarnings } from './warnings.ts'

/** Where a day's report stands. */
export const reportPrefix = (city: string, ds: string): string => `reports/city=${city}/ds=${ds}/`

/** Which day, and as of when. */
export interface DailyReportOptions {
  readonly city: string
  /** The local day, YYYY-MM-DD. */
  readonly ds: string
  readonly timezone: string
  readonly now: EpochSeconds
  readonly namespace: string
}

type ReportPlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics' | 'alarms' | 'endpoints'>

/**
 * Writes the report of a local day: report.html, a page that needs nothing else, and report.json, what it was made from. As
 * long as the lake does not change, the same day gives the same bytes. A day that goes on is shown as far as it is.
 */
export async function writeDailyReport(
  platform: ReportPlatform,
  options: DailyReportOptions,
): Promise<{ readonly report: DayReport; readonly keys: { readonly html: string; readonly json: string } }> {
  const report = await readDayReport(platform, options)
  const prefix = reportPrefix(options.city, options.ds)
  const keys = { html: `${prefix}report.html`, json: `${prefix}report.json` }
  await platform.store.put(keys.json, `${JSON.stringify(report)}\n`)
  await platform.store.put(keys.html, dayPage(report))
  return { report, keys }
}

/** Reads everything that a day's report shows. */
async function readDayReport(platform: ReportPlatform, o: DailyReportOptions): Promise<DayReport> {
  const whole = localDay(o.ds, o.timezone)
  const { city } = o
  const end = Math.min(whole.to, o.now)
  const endpoints = await endpointDays(platform, o, whole)
  const named = new Set(
    endpoints.flatMap(({ warnings }) => warnings.episodes.map(({ station_id }) => station_id)),
  )
  const names = await stationNames(platform, city, whole.to)
  const looks = await readFeed(platform.store, { city, from: whole.from + 1, to: whole.to })
  const history = await platform.alarms.describeAlarmHistory({ from: whole.from, to: end })
  return {
    report_version: 1,
    city,
    day: whole,
    complete: o.now >= whole.to,
    happened: await readCityDay(platform, city, whole),
    endpoints,
    gaps: end > whole.from ? await gaps(platform, { city, from: whole.from, to: end }) : [],
    feed: looks.at(-1) ?? null,
    alarms: alarmTimes(history, whole),
    names: Object.fromEntries([...names].filter(([id]) => named.has(id))),
  }
}

async function endpointDays(
  platform: ReportPlatform,
  { city, namespace, now }: DailyReportOptions,
  day: LocalDay,
): Promise<EndpointDay[]> {
  // The month up to the end of the day: its last second is in the month that the day is in.
  const slo = await sloReport(platform, { city, now: Math.min(now, day.to - 1), namespace })
  const found: EndpointDay[] = []
  for (const { endpoint, target } of await shownEndpoints(platform, city)) {
    const records = await readDrift(platform.store, { city, endpoint, from: day.from + 1, to: day.to })
    found.push({
      warnings: await readWarnings(platform, { city, endpoint, target, day }),
      series: await readDaySeries(platform, { endpoint, city, namespace }, day),
      drift: records.at(-1) ?? null,
      slo: slo.endpoints.find((one) => one.endpoint === endpoint) ?? null,
    })
  }
  return found
}

/** The prod endpoint of each target or, where there is none, another one that serves it. */
async function shownEndpoints(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  city: string,
): Promise<{ endpoint: string; target: Target }[]> {
  const serving: { endpoint: string; target: Target }[] = []
  for (const { EndpointName } of await endpoints.listEndpoints()) {
    const deployment = await readDeployment(store, EndpointName)
    if (deployment?.city === city) serving.push({ endpoint: EndpointName, target: deployment.target })
  }
  return TARGETS.flatMap((target) => {
    const of = serving.filter((one) => one.target === target)
    return of.find(({ endpoint }) => isProd(endpoint)) ?? of[0] ?? []
  })
}
